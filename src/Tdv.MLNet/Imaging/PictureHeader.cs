using SkiaSharp;

namespace Tdv.MLNet.Imaging;

/// <summary>What a picture's first bytes promise: a file of a few bytes may claim billions of pixels.</summary>
internal static class PictureHeader
{
    /// <summary>The most pixels that a picture or a video's frame may have: 16384 × 16384.</summary>
    public const long MaxPixels = 1 << 28;

    /// <returns>Why the picture is too large to be decoded, or null; null, too, where the header cannot be read.</returns>
    public static string? Fault(string path)
    {
        using SKCodec? codec = SKCodec.Create(path);
        return codec is null ? null : Fault(path, codec.Info.Width, codec.Info.Height);
    }

    /// <summary>The same of a file in memory.</summary>
    public static string? Fault(byte[] file, string name)
    {
        using var data = SKData.CreateCopy(file);
        using SKCodec? codec = SKCodec.Create(data);
        return codec is null ? null : Fault(name, codec.Info.Width, codec.Info.Height);
    }

    /// <returns>Why such pixels cannot be decoded, or null.</returns>
    public static string? Fault(string path, double width, double height) =>
        width * height <= MaxPixels
            ? null
            : FormattableString.Invariant(
                $"'{path}' claims {width:0} × {height:0} pixels; at most {MaxPixels} are decoded. Make it smaller, or remove it if it is damaged."
            );
}
