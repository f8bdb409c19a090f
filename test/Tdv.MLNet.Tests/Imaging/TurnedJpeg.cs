using SkiaSharp;

namespace Tdv.MLNet.Tests.Imaging;

/// <summary>
/// A JPEG with the note on orientation that cameras write. Stored: 48 × 32 pixels, red in the first row's first block, green
/// in its last, blue in the last row's first, white in its last.
/// </summary>
internal static class TurnedJpeg
{
    public static void Write(string path, byte orientation)
    {
        using var bitmap = Draw();
        byte[] plain = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95).ToArray();
        byte[] note =
        [
            0xFF,
            0xE1,
            0,
            34,
            .. "Exif\0\0"u8,
            .. "MM\0*"u8,
            0,
            0,
            0,
            8,
            0,
            1,
            0x01,
            0x12,
            0,
            3,
            0,
            0,
            0,
            1,
            0,
            orientation,
            0,
            0,
            0,
            0,
            0,
            0,
        ];
        File.WriteAllBytes(path, [.. plain[..2], .. note, .. plain[2..]]);
    }

    public static SKBitmap Draw()
    {
        var bitmap = new SKBitmap(48, 32, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            using var paint = new SKPaint();
            (SKColor Color, int X, int Y)[] blocks =
            [
                (new(255, 0, 0), 0, 0),
                (new(0, 255, 0), 24, 0),
                (new(0, 0, 255), 0, 16),
                (new(255, 255, 255), 24, 16),
            ];
            foreach (var (color, x, y) in blocks)
            {
                paint.Color = color;
                canvas.DrawRect(x, y, 24, 16, paint);
            }
        }

        return bitmap;
    }
}
