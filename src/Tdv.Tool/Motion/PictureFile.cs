using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet.Imaging;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>Pictures that are compared with one another.</summary>
internal static class PictureFile
{
    public static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".ppm", ".bmp"];

    /// <exception cref="UserException">It is missing, damaged or too large.</exception>
    public static (int Height, int Width) Size(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserException($"The picture '{path}' does not exist.");
        }

        if (PictureHeader.Fault(path) is { } fault)
        {
            throw new UserException($"The picture {fault}");
        }

        using var codec = SKCodec.Create(path);
        return codec is null
            ? throw new UserException($"The picture '{path}' cannot be read: it is damaged, or no picture.")
            : (codec.Info.Height, codec.Info.Width);
    }

    /// <summary>The size that two pictures share.</summary>
    /// <exception cref="UserException">They are of two sizes, or cannot be read.</exception>
    public static (int Height, int Width) SizeOfBoth(string one, string other)
    {
        var (first, second) = (Size(one), Size(other));
        return first == second
            ? first
            : throw new UserException(
                $"'{one}' is {first.Width} × {first.Height} pixels, '{other}' {second.Width} × {second.Height}. Pictures "
                    + "that are compared must be of one size."
            );
    }

    /// <exception cref="UserException">It cannot be read.</exception>
    public static MLImage Load(string path)
    {
        _ = Size(path);
        try
        {
            return MLImage.CreateFromFile(path);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or InvalidOperationException)
        {
            throw new UserException($"The picture '{path}' cannot be read: it is damaged.", exception);
        }
    }
}
