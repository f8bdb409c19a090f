using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Color;

/// <summary>Describes the colors of a picture in each cell of a grid that is laid over it.</summary>
internal sealed class ColorCells(int height, int width)
{
    private const int Channels = 3;
    private const int BytesPerPixel = 4;

    /// <summary>Means, deviations, y and x.</summary>
    private const int Basic = (2 * Channels) + 2;

    /// <summary>These and the products of any two of them.</summary>
    public const int Dimension = Basic + (Basic * (Basic + 1) / 2);

    public int Height => height;

    public int Width => width;

    public static void Check(int height, int width, Faults faults)
    {
        faults.Check(height >= 1, $"gridHeight is {height}; it must be at least 1.");
        faults.Check(width >= 1, $"gridWidth is {width}; it must be at least 1.");
        faults.Check(
            (long)Math.Max(height, 0) * Math.Max(width, 0) <= Array.MaxLength / Dimension,
            $"gridHeight × gridWidth is {height} × {width}; at most {Array.MaxLength / Dimension} cells are possible."
        );
    }

    /// <summary>Whole pixels belong to a cell, one of them at least; those at a border to the cell before it.</summary>
    /// <param name="picture">Of any size.</param>
    /// <param name="features"><c>[height, width, <see cref="Dimension"/>]</c>, written.</param>
    public void Describe(MLImage picture, Span<float> features)
    {
        var pixels = picture.Pixels;
        int red = picture.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0;
        // Where each channel lies in a pixel.
        ReadOnlySpan<int> channels = [red, 1, 2 - red];
        for (int y = 0; y < height; y++)
        {
            var (top, bottom) = StretchedAxis.PixelsOf(y, height, picture.Height);
            for (int x = 0; x < width; x++)
            {
                var (left, right) = StretchedAxis.PixelsOf(x, width, picture.Width);
                var cell = features.Slice(((y * width) + x) * Dimension, Dimension);
                for (int channel = 0; channel < Channels; channel++)
                {
                    var (mean, deviation) = Spread(
                        pixels[channels[channel]..],
                        picture.Width,
                        (top, bottom),
                        (left, right)
                    );
                    cell[channel] = mean;
                    cell[Channels + channel] = deviation;
                }

                cell[2 * Channels] = Center(y, height);
                cell[(2 * Channels) + 1] = Center(x, width);
                Multiply(cell);
            }
        }
    }

    /// <summary>Of one channel, from exact sums of whole numbers.</summary>
    private static (float Mean, float Deviation) Spread(
        ReadOnlySpan<byte> pixels,
        int width,
        (int Begin, int End) rows,
        (int Begin, int End) columns
    )
    {
        long sum = 0;
        long squares = 0;
        for (int y = rows.Begin; y < rows.End; y++)
        {
            int end = ((y * width) + columns.End) * BytesPerPixel;
            for (int i = ((y * width) + columns.Begin) * BytesPerPixel; i < end; i += BytesPerPixel)
            {
                sum += pixels[i];
                squares += pixels[i] * pixels[i];
            }
        }

        double count = (double)(rows.End - rows.Begin) * (columns.End - columns.Begin);
        double mean = sum / count;
        return (
            (float)(mean / byte.MaxValue),
            (float)(Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean))) / byte.MaxValue)
        );
    }

    private static float Center(int index, int count) => ((2f * index) + 1) / count - 1;

    private static void Multiply(Span<float> cell)
    {
        int at = Basic;
        for (int i = 0; i < Basic; i++)
        {
            for (int j = i; j < Basic; j++)
            {
                cell[at++] = cell[i] * cell[j];
            }
        }
    }
}
