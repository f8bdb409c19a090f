using System.Globalization;
using OpenCvSharp;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.Tool.Motion;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Importing;

/// <summary>
/// Turns an export of labels into masks, a list and a class file that <c>segment</c> takes. Pictures stay where they are;
/// everything is checked before anything is written.
/// </summary>
/// <param name="format">How to read the export.</param>
/// <param name="input">The export.</param>
/// <param name="pictures">The folder that pictures' names are relative to; null: the export's own.</param>
/// <param name="output">The folder to write to, and to nowhere else.</param>
internal sealed class LabelImport(ILabelFormat format, string input, string? pictures, string output)
{
    private const string Background = "background";
    private const string MaskFolder = "masks";
    private const string ListName = "list.txt";
    private const string ClassesName = "classes.txt";
    private const int MostNameLength = 60;

    private string ListPath => Path.Combine(output, ListName);

    private string ClassesPath => Path.Combine(output, ClassesName);

    /// <exception cref="UserException">Something is missing or wrong: all of it is told.</exception>
    public void Run()
    {
        foreach (string path in new[] { ListPath, ClassesPath, Path.Combine(output, MaskFolder) }.Where(Path.Exists))
        {
            throw new UserException($"'{path}' exists, and nothing is written over. Choose another folder with --out.");
        }

        var faults = new List<string>();
        var labels = format.Read(input, faults);
        var classes = Classes(labels, faults);
        var ids = classes.ToDictionary(one => one.Name, one => (byte)one.Id);
        var labeled = labels.Pictures.Where(picture => picture.Shapes.Count > 0).ToArray();
        string?[] files = [.. labeled.Select(picture => Check(picture, ids, faults))];
        AddSame(labeled, files, faults);
        if (labeled.Length == 0 && faults.Count == 0)
        {
            faults.Add($"'{input}' holds no shape of any picture.");
        }

        ListFaults.ThrowIfAny(faults);
        using var folder = OutputFolder.Open(output);
        var lines = new List<string>();
        for (int i = 0; i < labeled.Length; i++)
        {
            string mask = $"{MaskFolder}/{MaskName(i, files[i]!)}";
            using var drawn = Draw(labeled[i], files[i]!, ids);
            folder.Write(mask, drawn);
            string picture = Path.GetRelativePath(Path.GetFullPath(output), files[i]!).Replace('\\', '/');
            lines.Add($"{ListLine.Write(picture)} {ListLine.Write(mask)}");
        }

        Write(folder, ClassesName, classes.Select(one => one.ToLine()));
        Write(folder, ListName, lines);
        int bare = labels.Pictures.Count - labeled.Length;
        Terminal.Line($"wrote {labeled.Length} mask(s), {ListPath}, {ClassesPath}");
        if (bare > 0)
        {
            Terminal.Warning($"{bare} of {labels.Pictures.Count} pictures have no shape and are left out.");
        }
    }

    /// <summary>0 is what no shape covers; classes follow in the export's order.</summary>
    private static List<MaskClass> Classes(ImportedLabels labels, List<string> faults)
    {
        var named = labels.Classes.Where(one => one.Name != Background).ToArray();
        if (named.Length > byte.MaxValue)
        {
            faults.Add($"There are {named.Length} classes; masks have room for {byte.MaxValue} beside the background.");
            named = named[..byte.MaxValue];
        }

        var colors = MaskColors.Classes(Enumerable.Range(0, named.Length + 1).Select(id => (byte)id)).ToArray();
        var classes = new List<MaskClass> { colors[0] with { Name = Background } };
        foreach (var ((name, color), drawn) in named.Zip(colors.Skip(1)))
        {
            classes.Add(
                color is { } own
                    ? new MaskClass(drawn.Id, name, (byte)(own >> 16), (byte)(own >> 8), (byte)own)
                    : drawn with
                    {
                        Name = name,
                    }
            );
        }

        return classes;
    }

    /// <returns>The picture's file; null, with what is wrong added to the faults, if there is none that fits.</returns>
    private string? Check(ImportedPicture picture, Dictionary<string, byte> ids, List<string> faults)
    {
        string folder = Path.GetFullPath(
            pictures ?? (Directory.Exists(input) ? input : Path.GetDirectoryName(Path.GetFullPath(input))!)
        );
        string? file = picture
            .Files.Where(name => !name.Contains('\0'))
            .Select(name => Path.GetFullPath(name, folder))
            .FirstOrDefault(File.Exists);
        if (file is null)
        {
            faults.Add(
                $"{picture.Place}: there is no '{picture.Files[0]}' in '{folder}'. Name the pictures' folder with --pictures."
            );
            return null;
        }

        try
        {
            using var header = PictureFile.Open(file);
            if (picture.Size is { } size && size != (header.Height, header.Width))
            {
                throw new FormatException(
                    $"its labels are for {size.Width}×{size.Height} pixels, but '{file}' is {header.Width}×{header.Height}"
                        + (size == (header.Width, header.Height) ? ", upright as its camera noted" : "")
                );
            }

            Draw(picture, file, ids).Dispose();
            return file;
        }
        catch (Exception exception) when (exception is FormatException or InvalidDataException or IOException)
        {
            faults.Add($"{picture.Place}: {exception.Message.TrimEnd('.')}.");
            return null;
        }
    }

    /// <summary>Folders that an export names may be missing: then two of its pictures may lead to one file.</summary>
    private static void AddSame(ImportedPicture[] labeled, string?[] files, List<string> faults)
    {
        foreach (var same in labeled.Zip(files).GroupBy(pair => pair.Second).Where(group => group.Key is not null))
        {
            faults.AddRange(
                same.Skip(1)
                    .Select(pair =>
                        $"{pair.First.Place}: '{pair.Second}' is the file of {same.First().First.Place}, too."
                    )
            );
        }
    }

    private static Mat Draw(ImportedPicture picture, string file, Dictionary<string, byte> ids)
    {
        using var header = PictureFile.Open(file);
        var mask = new Mat(header.Height, header.Width, MatType.CV_8UC1, Scalar.All(0));
        try
        {
            foreach (var shape in picture.Shapes)
            {
                // A class too many is told already.
                shape.Draw(mask, ids.GetValueOrDefault(shape.Label));
            }

            return mask;
        }
        catch
        {
            mask.Dispose();
            throw;
        }
    }

    /// <summary>The number makes it unique, the picture's name makes it readable.</summary>
    private static string MaskName(int index, string picture)
    {
        string name = string.Concat(
            Path.GetFileNameWithoutExtension(picture)
                .Take(MostNameLength)
                .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '_')
        );
        return string.Create(CultureInfo.InvariantCulture, $"{index:000000}-{name}.png");
    }

    private static void Write(OutputFolder folder, string name, IEnumerable<string> lines) =>
        folder.Write(
            name,
            stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\n"))))
        );
}
