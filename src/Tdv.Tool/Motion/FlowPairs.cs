using Tdv.MLNet.Foundation;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>Finds pairs of frames with true flow, by the names that data sets give them.</summary>
internal static class FlowPairs
{
    private const string Conventions =
        "frame10, frame11 and flow10.flo (Middlebury); frame1, frame2 and flow_gt.png (KITTI); NAME_img1, NAME_img2 and "
        + "NAME_flow.flo (FlyingChairs); .flo may be packed as .flo.gz";

    /// <param name="folder">Searched with all folders below.</param>
    /// <exception cref="UserException">There are none, or files are missing: all are listed.</exception>
    public static IReadOnlyList<FlowPair> Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserException($"The folder '{folder}' does not exist.");
        }

        var pairs = new List<FlowPair>();
        var faults = new List<string>();
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).InNaturalOrder())
        {
            if (Partners(file) is not var (to, truths))
            {
                continue;
            }

            if (IsUnread(file))
            {
                faults.Add($"{Shown.Name(file)} is of a kind that is not read. Convert it to PNG.");
                continue;
            }

            string? truth = truths.FirstOrDefault(File.Exists);
            if (!File.Exists(to))
            {
                faults.Add($"'{file}' has no second frame '{Path.GetFileName(to)}' beside it.");
            }
            else if (truth is null)
            {
                faults.Add(
                    $"'{file}' has no true flow beside it: {string.Join(" or ", truths.Select(Path.GetFileName))}."
                );
            }
            else
            {
                pairs.Add(new(Name(folder, file), file, to, truth));
            }
        }

        ListFaults.ThrowIfAny(faults);
        return pairs.Count > 0
            ? pairs
            : throw new UserException($"There are no pairs with true flow in '{folder}'. Known are {Conventions}.");
    }

    /// <summary>FlyingChairs comes as portable pixmaps.</summary>
    private static bool IsUnread(string file) =>
        Path.GetExtension(file).Equals(".ppm", StringComparison.OrdinalIgnoreCase);

    /// <summary>The second frame and the files that may hold the truth, if this is a first frame.</summary>
    private static (string To, string[] Truths)? Partners(string file)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        const string first = "_img1";
        if (!MediaEndings.IsPicture(file) && !IsUnread(file))
        {
            return null;
        }

        return stem switch
        {
            "frame10" => (Beside("frame11" + Path.GetExtension(file)), Packed("flow10.flo")),
            "frame1" => (Beside("frame2" + Path.GetExtension(file)), [Beside("flow_gt.png")]),
            _ when stem.EndsWith(first, StringComparison.Ordinal) => (
                Beside(stem[..^first.Length] + "_img2" + Path.GetExtension(file)),
                Packed(stem[..^first.Length] + "_flow.flo")
            ),
            _ => null,
        };

        string Beside(string name) => Path.Combine(Path.GetDirectoryName(file)!, name);

        string[] Packed(string name) => [Beside(name), Beside(name + ".gz")];
    }

    private static string Name(string folder, string file)
    {
        string path = Path.GetRelativePath(folder, file);
        string stem = Path.GetFileNameWithoutExtension(file);
        return stem.EndsWith("_img1", StringComparison.Ordinal) ? stem[..^"_img1".Length]
            : Path.GetDirectoryName(path) is { Length: > 0 } parent ? Path.GetFileName(parent)
            : Path.GetFileName(Path.GetFullPath(folder));
    }
}
