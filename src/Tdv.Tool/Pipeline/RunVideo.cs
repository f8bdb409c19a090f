namespace Tdv.Tool.Pipeline;

/// <summary>A video that a training learned from.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its length; null of a folder of frames.</param>
/// <param name="Modified">When it was last written to.</param>
internal sealed record RunVideo(string Path, long? Bytes, DateTime Modified)
{
    public static RunVideo Of(string path)
    {
        var file = new FileInfo(path);
        return new RunVideo(System.IO.Path.GetFullPath(path), file.Exists ? file.Length : null, file.LastWriteTimeUtc);
    }

    /// <summary>What a video keeps when it is moved or copied.</summary>
    public override string ToString() =>
        Bytes is { } bytes
            ? $"'{System.IO.Path.GetFileName(Path)}' ({bytes} bytes)"
            : $"'{System.IO.Path.GetFileName(Path)}'";
}
