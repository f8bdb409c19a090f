using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// Labeled images named by a text file: a line <c>image mask [predecessor]</c> for each, as <see cref="ListLine"/> reads it,
/// absolute or relative to the file's folder, with slashes or backslashes. Empty lines and lines that begin with # are skipped.
/// </summary>
internal sealed class LabeledList
{
    private const string Format = "image mask [predecessor]";
    private const long MaxLength = 64 << 20;

    private LabeledList(string path, IReadOnlyList<LabeledImage> images, IReadOnlyList<int> lines, bool hasPredecessors)
    {
        Path = path;
        Images = images;
        Lines = lines;
        HasPredecessors = hasPredecessors;
    }

    public string Path { get; }

    public IReadOnlyList<LabeledImage> Images { get; }

    /// <summary>Of each image, the line that names it, from 1.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>Whether every image has a predecessor.</summary>
    public bool HasPredecessors { get; }

    /// <exception cref="UserException">The list or a file in it is missing, or lines are wrong: all are named.</exception>
    public static LabeledList Read(string path)
    {
        if (PlainFile.Fault(path, MaxLength) is { } fault)
        {
            throw new UserException($"The list {Shown.Name(path)} {fault}. It has a line '{Format}' for each image.");
        }

        string folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var faults = new List<string>();
        var rows = new List<string[]>();
        var lines = new List<int>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (ListLine.IsEmpty(line))
            {
                continue;
            }

            string[] files;
            try
            {
                files = [.. ListLine.Words(line, count => count is 2 or 3).Select(word => Locate(word, folder))];
            }
            catch (FormatException exception)
            {
                faults.Add($"{path}:{number}: {exception.Message}; expected the text '{Format}'.");
                continue;
            }

            rows.Add(files);
            lines.Add(number);
            Check($"{path}:{number}", line, rows[0].Length, files, faults);
        }

        if (rows.Count == 0 && faults.Count == 0)
        {
            faults.Add($"{path}: the list is empty, but needs at least one line '{Format}'.");
        }

        ListFaults.ThrowIfAny(faults);
        return new LabeledList(path, [.. rows.Select(ToImage)], lines, rows[0].Length == 3);
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

    /// <summary>Lists are made on one system and used on another: where only slashes lead to a file, backslashes are meant so.</summary>
    private static string Locate(string word, string folder)
    {
        string path = System.IO.Path.GetFullPath(word, folder);
        if (File.Exists(path) || !word.Contains('\\'))
        {
            return path;
        }

        string slashed = System.IO.Path.GetFullPath(word.Replace('\\', '/'), folder);
        return File.Exists(slashed) ? slashed : path;
    }

    private static void Check(string place, string line, int columns, string[] files, List<string> faults)
    {
        if (files.Length is not (2 or 3))
        {
            faults.Add(
                $"{place}: expected '{Format}', found {files.Length} column(s): '{line.Trim()}'."
                    + (files.Length > 3 ? " Names with blanks stand in quotes." : "")
            );
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
            PreviousPath = files.Length == 3 ? files[2] : files[0],
        };
}
