using Tdv.MLNet;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>Videos and the truth of points in them: a folder with <c>tracks.csv</c>, which names its videos.</summary>
/// <param name="Videos">Their paths.</param>
/// <param name="Truth">Its videos are these paths.</param>
internal sealed record TrackData(IReadOnlyList<string> Videos, IReadOnlyList<TrackPoint> Truth)
{
    public const string FileName = "tracks.csv";

    /// <summary>Receives videos that are made, in a run's folder.</summary>
    private const string ClipFolder = "clips";

    /// <exception cref="UserException">Videos that the file names do not exist.</exception>
    public static TrackData Read(string folder)
    {
        string file = Path.Combine(folder, FileName);
        var truth = TrackPoint.ReadFile(file);
        var paths = truth
            .Select(point => point.Video)
            .Distinct()
            .ToDictionary(video => video, video => Path.Combine(folder, video));
        string[] missing = [.. paths.Values.Where(path => !File.Exists(path) && !Directory.Exists(path))];
        return missing.Length == 0
            ? new([.. paths.Values], [.. truth.Select(point => point with { Video = paths[point.Video] })])
            : throw new UserException(
                $"'{file}' names videos that do not exist (relative to its folder): {string.Join(", ", missing.Select(path => $"'{path}'"))}."
            );
    }

    /// <summary>Makes videos of pictures, with exact truth; the same seed makes the same videos.</summary>
    /// <param name="pictures">A folder of them, subfolders not included.</param>
    /// <param name="output">The folder whose folder <see cref="ClipFolder"/> is written.</param>
    /// <param name="clips">How many videos.</param>
    /// <param name="seed">Decides motion and points.</param>
    /// <exception cref="UserException">There are no pictures, or one cannot be read.</exception>
    public static TrackData Make(string pictures, OutputFolder output, int clips, int seed)
    {
        string[] files = Directory.Exists(pictures)
            ? [.. Directory.EnumerateFiles(pictures).Where(MediaEndings.IsPicture).InNaturalOrder()]
            : [];
        if (files.Length == 0)
        {
            throw new UserException($"'{pictures}' is no folder with pictures ({MediaEndings.PictureList}).");
        }

        var truth = new List<TrackPoint>();
        for (int clip = 0; clip < clips; clip++)
        {
            // Pictures that follow one another in a folder are often much alike.
            using var picture = Pictures.Read(files[clip * files.Length / clips]);
            using var other = Pictures.Read(files[((clip * files.Length / clips) + (files.Length / 2)) % files.Length]);
            using var made = new TrackClip(picture, other, (seed * clips) + clip);
            string name = $"clip{clip:000}.mp4";
            made.Film(output, $"{ClipFolder}/{name}");
            truth.AddRange(made.Points(name));
        }

        string points = output.Beside("");
        TrackPoint.WriteFile(points, truth);
        output.Take(points, $"{ClipFolder}/{FileName}");
        return Read(output[ClipFolder]);
    }
}
