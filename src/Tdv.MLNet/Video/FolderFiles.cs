using System.Globalization;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Video;

/// <summary>The files of a folder, in natural order, and what of it is left out, in words.</summary>
internal sealed class FolderFiles
{
    private const int MostEndings = 8;
    private readonly Dictionary<string, int> _leftOut = new(StringComparer.Ordinal);

    /// <param name="folder">The folder; folders in it are not entered.</param>
    /// <param name="isOwn">Which files another command has left there. Null: none.</param>
    public FolderFiles(string folder, Func<string, bool>? isOwn = null)
    {
        List<string> videos = [];
        List<string> pictures = [];
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            if (Path.GetFileName(file).StartsWith('.'))
            {
                LeaveOut("hidden");
            }
            else if (isOwn?.Invoke(file) == true)
            {
                LeaveOut("painted before");
            }
            else if (MediaEndings.IsVideo(file))
            {
                videos.Add(file);
            }
            else if (MediaEndings.IsPicture(file))
            {
                pictures.Add(file);
            }
            else
            {
                LeaveOut(file);
            }
        }

        // A frame may be shown twice by a link; a video is not to be learned from twice.
        Videos = [.. videos.InNaturalOrder().DistinctBy(RealPath.Of)];
        if (videos.Count > Videos.Count)
        {
            _leftOut["under another name"] = videos.Count - Videos.Count;
        }

        Pictures = [.. pictures.InNaturalOrder()];
        Folders = Directory.EnumerateDirectories(folder).Count(inside => Path.GetFileName(inside) != OwnFolder.Hidden);
    }

    public IReadOnlyList<string> Videos { get; }

    public IReadOnlyList<string> Pictures { get; }

    /// <summary>Folders in the folder.</summary>
    public int Folders { get; }

    /// <summary>What is not among the files that are read, or null if nothing: "4 files left out: 3 .txt, 1 hidden".</summary>
    /// <param name="more">Files that the reader leaves out, and why, such as "2 pictures without a number".</param>
    public string? LeftOut(params (int Count, string What)[] more)
    {
        string[] endings =
        [
            .. _leftOut
                .OrderByDescending(entry => entry.Value)
                .ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Value} {entry.Key}")),
        ];
        int hidden = Math.Max(0, endings.Length - MostEndings);
        string[] kinds =
        [
            .. more.Where(kind => kind.Count > 0).Select(kind => $"{kind.Count} {kind.What}"),
            .. endings.Take(MostEndings),
            .. hidden > 0 ? [$"{hidden} other endings"] : Array.Empty<string>(),
        ];
        int files = _leftOut.Values.Sum() + more.Sum(kind => kind.Count);
        string[] parts =
        [
            .. files > 0 ? [$"{Count(files, "file")} left out: {string.Join(", ", kinds)}"] : Array.Empty<string>(),
            .. Folders > 0 ? [$"{Count(Folders, "folder")} in it not entered"] : Array.Empty<string>(),
        ];
        return parts.Length > 0 ? string.Join("; ", parts) : null;
    }

    public static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private void LeaveOut(string what)
    {
        string ending = what.Contains(Path.DirectorySeparatorChar) ? Ending(what) : what;
        _leftOut[ending] = _leftOut.GetValueOrDefault(ending) + 1;
    }

    private static string Ending(string file) =>
        Path.GetExtension(file) is { Length: > 1 } ending ? Shown.Lines(ending) : "without an ending";
}
