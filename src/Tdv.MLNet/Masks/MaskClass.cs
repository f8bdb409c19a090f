using System.Globalization;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>One class of the label pictures.</summary>
/// <param name="Id">The pixel value in the label pictures, 0 to 255.</param>
/// <param name="Name">The name.</param>
/// <param name="Red">Red part of the color in overlays, 0 to 255.</param>
/// <param name="Green">Green part, 0 to 255.</param>
/// <param name="Blue">Blue part, 0 to 255.</param>
/// <param name="Ignore">Pixels of this class are neither trained on nor counted.</param>
public sealed record MaskClass(int Id, string Name, byte Red, byte Green, byte Blue, bool Ignore = false)
{
    private const int MaxFileLength = 1 << 20;
    private const string LineFormat = "id name red green blue [ignore]";

    /// <summary>
    /// Reads classes from a text file with one line <c>id name red green blue [ignore]</c> per class. A name with blanks
    /// stands in quotes, as <c>"traffic light"</c>, or all of a line is parted by tabs. Empty lines and lines that begin with #
    /// are skipped; any number of classes may be ignored.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">Lines cannot be read, or ids or names occur twice: all of them are listed.</exception>
    public static IReadOnlyList<MaskClass> ReadFile(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (PlainFile.Fault(path, MaxFileLength) is { } wrong)
        {
            string message = $"The class file {Shown.Name(path)} {wrong}. It has one line '{LineFormat}' per class.";
            throw Path.Exists(path) ? new FormatException(message) : new FileNotFoundException(message, path);
        }

        var faults = new List<string>();
        var classes = new List<MaskClass>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (!ListLine.IsEmpty(line))
            {
                ReadLine(line.Trim(), number, classes, faults);
            }
        }

        if (classes.All(c => c.Ignore) && faults.Count == 0)
        {
            faults.Add("there is no class that is not ignored");
        }

        return faults.Count == 0
            ? classes
            : throw new FormatException(
                $"The class file '{path}' needs one line '{LineFormat}' per class, numbers from 0 to 255:"
                    + string.Concat(faults.Select(fault => $"{Environment.NewLine}- {fault}"))
            );
    }

    /// <summary>A line that <see cref="ReadFile"/> reads.</summary>
    internal string ToLine() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Id} {ListLine.Write(Name)} {Red} {Green} {Blue}{(Ignore ? " ignore" : "")}"
        );

    private static void ReadLine(string text, int number, List<MaskClass> classes, List<string> faults)
    {
        string[] parts;
        try
        {
            parts = ListLine.Words(text, count => count is 5 or 6);
        }
        catch (FormatException exception)
        {
            faults.Add($"line {number} is '{text}': {exception.Message}");
            return;
        }

        var ignore = parts.Length == 6 && parts[5] == "ignore";
        if (
            (parts.Length != 5 && !ignore)
            || !TryByte(parts[0], out var id)
            || !TryByte(parts[2], out var red)
            || !TryByte(parts[3], out var green)
            || !TryByte(parts[4], out var blue)
        )
        {
            faults.Add($"line {number} is '{text}'");
            return;
        }

        if (classes.Find(c => c.Id == id) is { } sameId)
        {
            faults.Add($"line {number} gives the id {id} of '{sameId.Name}' again");
        }

        if (classes.Exists(c => c.Name == parts[1]))
        {
            faults.Add($"line {number} gives the name '{parts[1]}' again");
        }

        classes.Add(new MaskClass(id, parts[1], red, green, blue, ignore));
    }

    private static bool TryByte(string text, out byte value) =>
        byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
