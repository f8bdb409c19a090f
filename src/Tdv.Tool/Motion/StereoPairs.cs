using System.Globalization;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>Finds stereo pairs with true disparity: folders with left, right and disp_left.</summary>
internal static class StereoPairs
{
    public const string ScaleFile = "disparity_scale.txt";

    /// <param name="folder">Searched with all folders below.</param>
    /// <exception cref="UserException">There are none, or files are missing or wrong: all are listed.</exception>
    public static IReadOnlyList<StereoPair> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserException($"The folder '{folder}' does not exist.");
        }

        var faults = new List<string>();
        var divisors = ReadDivisors(Path.Combine(folder, ScaleFile), faults);
        var pairs = new List<StereoPair>();
        foreach (
            string left in Directory
                .EnumerateFiles(folder, "left.*", SearchOption.AllDirectories)
                .Where(MediaEndings.IsPicture)
                .InNaturalOrder()
        )
        {
            string place = Path.GetDirectoryName(left)!;
            string right = Path.Combine(place, "right" + Path.GetExtension(left));
            string[] truths = [Path.Combine(place, "disp_left.pfm"), Path.Combine(place, "disp_left.png")];
            string? truth = truths.FirstOrDefault(File.Exists);
            string name = Path.GetFileName(place);
            if (!File.Exists(right))
            {
                faults.Add($"'{left}' has no '{Path.GetFileName(right)}' beside it.");
            }
            else if (truth is null)
            {
                faults.Add($"'{left}' has no true disparity beside it: disp_left.pfm or disp_left.png.");
            }
            else
            {
                pairs.Add(new(name, left, right, truth, divisors.TryGetValue(name, out double by) ? by : null));
            }
        }

        ListFaults.ThrowIfAny(faults);
        return pairs.Count > 0
            ? pairs
            : throw new UserException(
                $"There are no stereo pairs in '{folder}': folders with left.png, right.png and disp_left.png or .pfm."
            );
    }

    /// <summary>Lines <c>name file divisor</c>; what follows is not needed.</summary>
    private static Dictionary<string, double> ReadDivisors(string path, List<string> faults)
    {
        var divisors = new Dictionary<string, double>();
        if (Path.Exists(path) && PlainFile.Fault(path) is { } fault)
        {
            faults.Add($"{Shown.Name(path)} {fault}.");
            return divisors;
        }

        string[] lines = Path.Exists(path) ? File.ReadAllLines(path) : [];
        for (int i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i]) || lines[i].StartsWith('#'))
            {
                continue;
            }

            string[] words = lines[i].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            bool read = double.TryParse(
                words.ElementAtOrDefault(2),
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out double divisor
            );
            if (!read || !(divisor > 0 && double.IsFinite(divisor)))
            {
                faults.Add($"'{path}', line {i + 1}: 'name file divisor' is expected, but it is '{lines[i]}'.");
                continue;
            }

            divisors[words[0]] = divisor;
        }

        return divisors;
    }
}
