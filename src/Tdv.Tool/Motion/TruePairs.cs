using Tdv.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>A list of pairs with true flow: lines 'name previous frame flow', paths relative to the list.</summary>
internal static class TruePairs
{
    /// <exception cref="UserException">The list is missing, a line is not understood, or a file is missing or damaged.</exception>
    public static IEnumerable<TruePair> Read(string list)
    {
        if (!File.Exists(list))
        {
            throw new UserException($"The list of pairs '{list}' does not exist.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(list))!;
        foreach (var (line, index) in File.ReadLines(list).Select((line, index) => (line, index)))
        {
            string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 0)
            {
                continue;
            }

            if (parts.Length != 4)
            {
                throw new UserException(
                    $"Line {index + 1} of '{list}' has {parts.Length} parts; 'name previous frame flow' is expected."
                );
            }

            string[] paths = [.. parts[1..].Select(path => Path.Combine(folder, path))];
            if (Array.Find(paths, path => !File.Exists(path)) is { } missing)
            {
                throw new UserException($"'{missing}' does not exist; line {index + 1} of '{list}' names it.");
            }

            yield return new(parts[0], paths[0], paths[1], FlowField.Load(paths[2]));
        }
    }
}
