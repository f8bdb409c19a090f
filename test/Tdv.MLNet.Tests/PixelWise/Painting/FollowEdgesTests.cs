using Microsoft.ML.Data;
using Tdv.MLNet.PixelWise;
using Xunit;

namespace Tdv.MLNet.Tests.PixelWise;

public sealed class FollowEdgesTests
{
    private const int Height = 96;
    private const int Width = 128;
    private const int Cell = 16;

    private static readonly PresentClasses Classes = new([0, 1], 2);

    /// <summary>A disc of another color, whose border runs through the cells.</summary>
    [Fact]
    public void On_a_known_shape_masks_that_follow_edges_are_closer_to_the_truth()
    {
        var plain = Overlap(PaintDisc(followEdges: false));
        var edges = Overlap(PaintDisc(followEdges: true));

        Assert.InRange(plain, 0.6, 0.95);
        Assert.True(edges > plain + 0.5 * (1 - plain), $"IoU {plain} without, {edges} with edges.");
    }

    [Fact]
    public void A_picture_without_edges_changes_no_more_than_a_smoothing_does()
    {
        var gray = new ScorePlanes(EdgeFilter.Colors, Height, Width);
        gray.Values.AsSpan().Fill(0.5f);
        var scores = new ScorePlanes(1, Height / 4, Width / 4);
        for (var i = 0; i < scores.Cells; i++)
        {
            scores.Values[i] = i % scores.Width;
        }

        var filter = new EdgeFilter(1, scores.Height, scores.Width, radius: 3);
        filter.Fit(scores, gray);

        // A ramp smoothed by windows is the same ramp, away from the borders.
        for (var x = 6; x < scores.Width - 6; x++)
        {
            var at = 10 * scores.Width + x;
            var value = filter.Coefficients[3][at];
            for (var color = 0; color < EdgeFilter.Colors; color++)
            {
                value += 0.5f * filter.Coefficients[color][at];
            }

            Assert.Equal(x, value, 1e-3f);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(50)]
    public void A_box_mean_is_the_mean_of_its_window(int radius)
    {
        const int h = 7;
        const int w = 9;
        var random = new Random(1);
        var values = Enumerable.Range(0, h * w).Select(_ => random.NextSingle()).ToArray();
        var mean = new float[h * w];

        new BoxMean(h, w, radius).Apply(values, mean);

        for (var i = 0; i < mean.Length; i++)
        {
            var expected = Enumerable
                .Range(0, h * w)
                .Where(j => Math.Abs(j / w - i / w) <= radius && Math.Abs(j % w - i % w) <= radius)
                .Average(j => values[j]);
            Assert.Equal(expected, mean[i], 1e-5f);
        }
    }

    private static uint[] PaintDisc(bool followEdges)
    {
        const int cells = Height / Cell * (Width / Cell);
        var evidence = new float[cells * 2];
        for (var cell = 0; cell < cells; cell++)
        {
            var (row, column) = Math.DivRem(cell, Width / Cell);
            var share = Enumerable
                .Range(0, Cell * Cell)
                .Average(p => IsInside(row * Cell + p / Cell, column * Cell + p % Cell) ? 1f : 0f);
            // As sure as a classifier is that has seen no more than the cell.
            evidence[2 * cell] = 4 * (float)(share > 0.5 ? 0 : 1);
            evidence[2 * cell + 1] = 4 * (float)(share > 0.5 ? 1 : 0);
        }

        var canvas = new MaskCanvas(
            new PixelWiseOptions { FollowEdges = followEdges },
            Classes,
            (Height / Cell, Width / Cell),
            dimension: 1,
            new LinearCellScorer(new AffineMap([1, 1], [0, 0])),
            (Height, Width)
        );
        using var image = Picture();
        canvas.Paint([], evidence, image);
        return canvas.Mask;
    }

    private static double Overlap(uint[] mask)
    {
        var truth = Enumerable.Range(0, Height * Width).Select(p => IsInside(p / Width, p % Width)).ToArray();
        var both = mask.Zip(truth).Count(pair => pair.First == 2 && pair.Second);
        var either = mask.Zip(truth).Count(pair => pair.First == 2 || pair.Second);
        return (double)both / either;
    }

    private static bool IsInside(int y, int x) => Math.Pow(y - 45, 2) + Math.Pow(x - 62, 2) < 30 * 30;

    private static MLImage Picture()
    {
        var random = new Random(2);
        var pixels = new byte[Height * Width * 4];
        for (var p = 0; p < Height * Width; p++)
        {
            var noise = random.Next(20);
            pixels[4 * p] = (byte)(noise + (IsInside(p / Width, p % Width) ? 60 : 130));
            pixels[4 * p + 1] = (byte)(noise + 90);
            pixels[4 * p + 2] = (byte)(noise + (IsInside(p / Width, p % Width) ? 170 : 70));
            pixels[4 * p + 3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, pixels);
    }
}
