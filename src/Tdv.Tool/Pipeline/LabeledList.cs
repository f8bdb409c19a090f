using Tdv.MLNet.Imaging;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// Labeled images named by a text file: a line <c>image mask [predecessor]</c> for each, relative to the file's folder.
/// Empty lines and lines that begin with # are skipped.
/// </summary>
internal sealed class LabeledList
{
    private const string Format = "image mask [predecessor]";
    private const int FaultsShown = 10;
    private const long MaxLength = 64 << 20;

    private LabeledList(string path, IReadOnlyList<LabeledImage> images, bool hasPredecessors)
    {
        Path = path;
        Images = images;
        HasPredecessors = hasPredecessors;
    }

    public string Path { get; }

    public IReadOnlyList<LabeledImage> Images { get; }

    /// <summary>Whether every image has a predecessor.</summary>
    public bool HasPredecessors { get; }

    /// <exception cref="UserException">The list or a file in it is missing, or lines are wrong: all are named.</exception>
    public static LabeledList Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserException($"The list '{path}' does not exist. It has a line '{Format}' for each image.");
        }

        long length = new FileInfo(path).Length;
        if (length > MaxLength)
        {
            throw new UserException(
                $"The list '{path}' has {length} bytes, more than a list needs. It has a line '{Format}' for each image."
            );
        }

        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var faults = new List<string>();
        var rows = new List<string[]>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0 || parts[0][0] == '#')
            {
                continue;
            }

            if (line.Contains('\0'))
            {
                faults.Add($"{path}:{number}: the line holds a zero byte; expected the text '{Format}'.");
                continue;
            }

            string[] files = [.. parts.Select(part => System.IO.Path.GetFullPath(part, folder))];
            rows.Add(files);
            Check($"{path}:{number}", line, rows[0].Length, files, faults);
        }

        if (rows.Count == 0 && faults.Count == 0)
        {
            faults.Add($"{path}: the list is empty, but needs at least one line '{Format}'.");
        }

        ThrowIfAny(faults);
        return new LabeledList(path, [.. rows.Select(ToImage)], rows[0].Length == 3);
    }

    /// <summary>Height and width in pixels of the first image, which the others are taken to be like.</summary>
    /// <exception cref="UserException">It cannot be read.</exception>
    public (int Height, int Width) FirstSize()
    {
        try
        {
            using var picture = PictureFile.Open(Images[0].Path);
            return (picture.Height, picture.Width);
        }
        catch (InvalidDataException exception)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    private static void Check(string place, string line, int columns, string[] files, List<string> faults)
    {
        if (files.Length is not (2 or 3))
        {
            faults.Add($"{place}: expected '{Format}', found {files.Length} column(s): '{line.Trim()}'.");
        }
        else if (files.Length != columns)
        {
            faults.Add(
                $"{place}: the line has {files.Length} columns, but the first one has {columns}. "
                    + "Give a predecessor to every image or to none."
            );
        }

        faults.AddRange(files.Where(file => !File.Exists(file)).Select(file => $"{place}: '{file}' does not exist."));
    }

    private static LabeledImage ToImage(string[] files) =>
        new()
        {
            Path = files[0],
            MaskPath = files[1],
            PreviousPath = files[^1] == files[1] ? files[0] : files[^1],
        };

    private static void ThrowIfAny(List<string> faults)
    {
        if (faults.Count == 0)
        {
            return;
        }

        int hidden = faults.Count - FaultsShown;
        var shown = hidden > 0 ? faults.Take(FaultsShown).Append($"… and {hidden} more.") : faults;
        throw new UserException(string.Join(Environment.NewLine, shown));
    }
}
