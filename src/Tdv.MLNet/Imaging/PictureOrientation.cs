using System.Runtime.InteropServices;
using SkiaSharp;

namespace Tdv.MLNet.Imaging;

/// <summary>
/// Turns stored pixels as the camera's note on orientation (EXIF 1 to 8) says, so that people and networks see the
/// picture upright.
/// </summary>
internal static class PictureOrientation
{
    /// <summary>How the pixels of a picture are stored, as its file notes.</summary>
    /// <param name="codec">Of the file.</param>
    /// <param name="open">Opens the file.</param>
    public static SKEncodedOrigin Of(SKCodec codec, Func<Stream> open)
    {
        if (codec.EncodedFormat != SKEncodedImageFormat.Png)
        {
            return codec.EncodedOrigin;
        }

        using var file = open();
        return PngOrientation.Of(file);
    }

    /// <summary>The same of a file in memory, which may be of a kind that Skia does not know: then nothing is noted.</summary>
    public static SKEncodedOrigin Of(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        using SKCodec? codec = SKCodec.Create(data);
        return codec is null ? SKEncodedOrigin.Default : Of(codec, () => new MemoryStream(file));
    }

    /// <summary>Whether height and width change places.</summary>
    public static bool Turns(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <param name="stored">Pixels of four bytes, <c>[height, width]</c>.</param>
    /// <returns>The same array where nothing is to be done, else <c>[height, width]</c> of the upright picture.</returns>
    public static byte[] Upright(byte[] stored, int height, int width, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.Default)
        {
            return stored;
        }

        var upright = new byte[stored.Length];
        Turn(
            MemoryMarshal.Cast<byte, uint>((ReadOnlySpan<byte>)stored),
            MemoryMarshal.Cast<byte, uint>(upright.AsSpan()),
            height,
            width,
            origin
        );
        return upright;
    }

    /// <summary>Pixels of any kind.</summary>
    /// <param name="stored"><c>[height, width]</c>.</param>
    /// <param name="upright">Receives <c>[height, width]</c> of the upright picture.</param>
    public static void Turn<T>(ReadOnlySpan<T> stored, Span<T> upright, int height, int width, SKEncodedOrigin origin)
    {
        var (rows, columns) = Turns(origin) ? (width, height) : (height, width);
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                // Where the upright picture's pixel is stored.
                var (sourceX, sourceY) = origin switch
                {
                    SKEncodedOrigin.TopLeft => (x, y),
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                upright[(y * columns) + x] = stored[(sourceY * width) + sourceX];
            }
        }
    }
}
