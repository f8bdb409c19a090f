using System.Runtime.InteropServices;
using SkiaSharp;

namespace Tdv.MLNet.Imaging;

/// <summary>
/// Turns stored pixels as the camera's note on orientation (EXIF 1 to 8) says, so that people and networks see the
/// picture upright.
/// </summary>
internal static class PictureOrientation
{
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
        var from = MemoryMarshal.Cast<byte, uint>(stored);
        var to = MemoryMarshal.Cast<byte, uint>(upright.AsSpan());
        var (rows, columns) = Turns(origin) ? (width, height) : (height, width);
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++)
            {
                // Where the upright picture's pixel is stored.
                var (sourceX, sourceY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, height - 1 - x),
                    SKEncodedOrigin.RightBottom => (width - 1 - y, height - 1 - x),
                    _ => (width - 1 - y, x),
                };
                to[(y * columns) + x] = from[(sourceY * width) + sourceX];
            }
        }

        return upright;
    }
}
