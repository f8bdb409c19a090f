using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>
/// How alike each patch of the previous frame is to those around the same place in the frame, pixel by pixel. It holds the
/// flow for certain: a reading that cannot find it there is itself at fault, not what it reads.
/// </summary>
internal static class PixelCorrelation
{
    private const int Channels = 3;

    /// <summary>Of the mean difference: less than that much more than the least counts as alike.</summary>
    private const float Softness = 0.05f;
    private const string Current = "CurrentPixels";
    private const string Previous = "PreviousPixels";

    /// <summary>Adds the column <c>[size / patch, size / patch, (2·reach + 1)²]</c> to rows of Frame and PreviousFrame.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="output">The column.</param>
    /// <param name="size">Of the square frames, in pixels.</param>
    /// <param name="patch">Of the patches.</param>
    /// <param name="reach">Pixels to each side.</param>
    public static IEstimator<ITransformer> Create(MLContext ml, string output, int size, int patch, int reach)
    {
        int side = (2 * reach) + 1;
        var input = SchemaDefinition.Create(typeof(Pixels));
        foreach (var column in input)
        {
            column.ColumnType = new VectorDataViewType(NumberDataViewType.Single, size, size, Channels);
        }

        var added = SchemaDefinition.Create(typeof(Volume));
        added[0].ColumnName = output;
        added[0].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            size / patch,
            size / patch,
            side * side
        );
        return ml
            .Transforms.PatchFeaturize(Current, "Frame", size, size, 1)
            .Append(ml.Transforms.PatchFeaturize(Previous, "PreviousFrame", size, size, 1))
            .Append(
                ml.Transforms.CustomMapping<Pixels, Volume>(
                    (pixels, volume) =>
                        volume.Likeness = Compare(pixels.PreviousPixels, pixels.CurrentPixels, size, patch, reach),
                    contractName: null,
                    input,
                    added
                )
            );
    }

    private static float[] Compare(float[] from, float[] to, int size, int patch, int reach)
    {
        int side = (2 * reach) + 1;
        int columns = size / patch;
        var result = new float[columns * columns * side * side];
        for (int cell = 0; cell < columns * columns; cell++)
        {
            var likeness = result.AsSpan(cell * side * side, side * side);
            for (int shift = 0; shift < likeness.Length; shift++)
            {
                likeness[shift] = -Difference(
                    from,
                    to,
                    size,
                    patch,
                    (cell % columns * patch, cell / columns * patch),
                    ((shift % side) - reach, (shift / side) - reach)
                );
            }

            float scale = -Softness * TensorPrimitives.Sum<float>(likeness) / likeness.Length;
            TensorPrimitives.Divide(likeness, Math.Max(scale, 1e-6f), likeness);
            TensorPrimitives.SoftMax(likeness, likeness);
        }

        return result;
    }

    /// <summary>Mean squared; beyond the border the border is repeated.</summary>
    private static float Difference(
        float[] from,
        float[] to,
        int size,
        int patch,
        (int X, int Y) corner,
        (int X, int Y) shift
    )
    {
        float sum = 0;
        for (int i = 0; i < patch * patch; i++)
        {
            var (x, y) = (corner.X + (i % patch), corner.Y + (i / patch));
            int one = Channels * ((y * size) + x);
            int other =
                Channels * ((Math.Clamp(y + shift.Y, 0, size - 1) * size) + Math.Clamp(x + shift.X, 0, size - 1));
            for (int channel = 0; channel < Channels; channel++)
            {
                float difference = from[one + channel] - to[other + channel];
                sum += difference * difference;
            }
        }

        return sum / (patch * patch * Channels);
    }

    private sealed class Pixels
    {
        public float[] CurrentPixels { get; set; } = [];

        public float[] PreviousPixels { get; set; } = [];
    }

    private sealed class Volume
    {
        public float[] Likeness { get; set; } = [];
    }
}
