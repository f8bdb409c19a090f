using System.Globalization;
using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet.Visualization;

namespace Tdv.MLNet;

/// <summary>
/// A confusion matrix as a picture: a row for each true class, a column for each predicted one, percent of the true
/// class's pixels. The diagonal is what is right.
/// </summary>
public static class ConfusionPicture
{
    private const int Cell = 52;
    private const int Gap = 10;
    private static readonly SKColor Right = new(38, 130, 90);
    private static readonly SKColor Wrong = new(190, 70, 40);

    /// <summary>Paints a matrix.</summary>
    /// <param name="metrics">What <c>EvaluateMasks</c> found.</param>
    /// <returns>A picture to be disposed of by the caller; its size follows from the classes.</returns>
    public static MLImage Paint(MaskMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        using var pen = Lettering.Pen(Lettering.Ink);
        int margin = (int)Math.Ceiling(metrics.ClassNames.Max(name => pen.MeasureText(name))) + (2 * Gap);
        int size = margin + (Cell * metrics.ClassNames.Count) + Gap;
        return Lettering.Draw(size, size, canvas => Draw(canvas, metrics, pen, margin));
    }

    private static void Draw(SKCanvas canvas, MaskMetrics metrics, SKPaint pen, int margin)
    {
        for (int i = 0; i < metrics.ClassNames.Count; i++)
        {
            float middle = margin + ((i + 0.5f) * Cell) + Lettering.Drop;
            pen.TextAlign = SKTextAlign.Right;
            canvas.DrawText(metrics.ClassNames[i], margin - Gap, middle, pen);
            canvas.Save();
            canvas.RotateDegrees(-90);
            pen.TextAlign = SKTextAlign.Left;
            canvas.DrawText(metrics.ClassNames[i], Gap - margin, middle, pen);
            canvas.Restore();
            DrawRow(canvas, metrics, pen, margin, i);
        }
    }

    private static void DrawRow(SKCanvas canvas, MaskMetrics metrics, SKPaint pen, int margin, int truth)
    {
        var counts = metrics.ConfusionMatrix[truth];
        long all = counts.Sum();
        pen.TextAlign = SKTextAlign.Center;
        for (int predicted = 0; all > 0 && predicted < counts.Count; predicted++)
        {
            double share = (double)counts[predicted] / all;
            var color = (predicted == truth ? Right : Wrong).WithAlpha((byte)Math.Round(share * byte.MaxValue));
            using var fill = new SKPaint { Color = color };
            float left = margin + (predicted * Cell);
            float top = margin + (truth * Cell);
            canvas.DrawRect(left + 1, top + 1, Cell - 2, Cell - 2, fill);
            string text = (100 * share).ToString("0.0", CultureInfo.InvariantCulture);
            canvas.DrawText(text, left + (Cell / 2f), top + (Cell / 2f) + Lettering.Drop, pen);
        }
    }
}
