using Microsoft.ML.Data;
using SkiaSharp;

namespace Tdv.MLNet.Visualization;

/// <summary>Drawing with text: SkiaSharp as ML.NET brings it. Where a system has no fonts, texts stay blank.</summary>
internal static class Lettering
{
    /// <summary>From the middle of a line to the foot of its letters.</summary>
    public const float Drop = TextSize * 0.35f;

    /// <summary>Even, as videos want it.</summary>
    public const int LineHeight = 24;
    public const int Gap = 8;
    private const float TextSize = 14;
    public static readonly SKColor Paper = new(30, 30, 30);
    public static readonly SKColor Ink = new(235, 235, 235);

    /// <summary>The first of them that there is; the system's default is not always one for reading.</summary>
    private static readonly string[] Families = ["Segoe UI", "Helvetica Neue", "Noto Sans", "DejaVu Sans", "Arial"];

    public static SKPaint Pen(SKColor color) =>
        new()
        {
            Color = color,
            TextSize = TextSize,
            IsAntialias = true,
            Typeface =
                Families
                    .Select(SKFontManager.Default.MatchFamily)
                    .FirstOrDefault(typeface => typeface is not null && Families.Contains(typeface.FamilyName))
                ?? SKTypeface.Default,
        };

    /// <summary>Draws a picture.</summary>
    public static MLImage Draw(int width, int height, Action<SKCanvas> draw)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(Paper);
            draw(canvas);
        }

        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, bitmap.GetPixelSpan());
    }
}
