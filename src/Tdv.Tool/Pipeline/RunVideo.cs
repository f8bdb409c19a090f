using System.Globalization;
using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Pipeline;

/// <summary>A video that a training learned from. Its content decides whether it is the same one, not its name.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its length, or that of all pictures of a folder; null of a folder that an earlier version noted.</param>
/// <param name="Modified">When it was last written to; for people.</param>
internal sealed record RunVideo(string Path, long? Bytes, DateTime Modified)
{
    /// <summary>Of a folder of frames: how many.</summary>
    public int? Pictures { get; init; }

    /// <summary>Tells contents apart; null: an earlier version did not note it.</summary>
    public string? Content { get; init; }

    public static RunVideo Of(string path)
    {
        var sample = ContentSample.Of(path);
        var modified = new FileInfo(path).LastWriteTimeUtc;
        return new RunVideo(System.IO.Path.GetFullPath(path), sample.Bytes, modified)
        {
            Pictures = sample.Pictures,
            Content = sample.Hash,
        };
    }

    public string Name => Shown.Name(System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path)));

    public override string ToString()
    {
        string pictures = Pictures is { } count
            ? string.Create(CultureInfo.InvariantCulture, $"{count} pictures, ")
            : "";
        return Bytes is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $"{Name} ({pictures}{bytes} bytes)")
            : Name;
    }
}
