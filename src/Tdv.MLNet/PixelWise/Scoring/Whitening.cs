using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Standardizes features and rotates them to uncorrelated components of variance 1. A badly conditioned problem stops a
/// linear trainer early, far from what the features can give.
/// </summary>
internal static class Whitening
{
    /// <summary>
    /// Components of less than this part of the largest variance are not blown up to variance 1: they are rounding noise
    /// of the network. They stay, but small.
    /// </summary>
    public const double Floor = 1e-5;

    /// <summary>Computes the map from raw to whitened features. A feature that never changes maps to 0.</summary>
    public static AffineMap Fit(PixelTable table)
    {
        var mean = Mean(table);
        var covariance = Covariance(table, mean);
        var d = mean.Length;
        var scale = Enumerable
            .Range(0, d)
            .Select(i => covariance[i, i] > 1e-12 * (1 + mean[i] * mean[i]) ? 1 / Math.Sqrt(covariance[i, i]) : 0)
            .ToArray();
        covariance.MapIndexedInplace((i, j, value) => value * scale[i] * scale[j]);

        var eigen = covariance.Evd(Symmetricity.Symmetric);
        var variances = eigen.EigenValues.Real();
        var least = Math.Max(variances.Maximum() * Floor, double.Epsilon);
        var weights = new float[d * d];
        var bias = new float[d];
        for (var component = 0; component < d; component++)
        {
            // Largest first.
            var column = d - 1 - component;
            var norm = 1 / Math.Sqrt(Math.Max(variances[column], least));
            var offset = 0.0;
            for (var i = 0; i < d; i++)
            {
                var weight = eigen.EigenVectors[i, column] * norm * scale[i];
                weights[component * d + i] = (float)weight;
                offset -= weight * mean[i];
            }

            bias[component] = (float)offset;
        }

        return new AffineMap(weights, bias);
    }

    /// <summary>Replaces the table's features by mapped ones.</summary>
    public static void Apply(AffineMap map, PixelTable table)
    {
        var mapped = new float[PixelTable.BlockRows * table.Dimension];
        for (var block = 0; block < table.BlockCount; block++)
        {
            var (features, rows) = table.Block(block);
            map.Apply(features, rows, mapped);
            mapped.AsSpan(0, rows * table.Dimension).CopyTo(features);
        }
    }

    private static double[] Mean(PixelTable table)
    {
        var sums = new double[table.Dimension];
        for (var row = 0; row < table.Count; row++)
        {
            var features = table.Row(row);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += features[i];
            }
        }

        return sums.Select(sum => sum / table.Count).ToArray();
    }

    /// <summary>Sums block by block: single precision within a block, double between them.</summary>
    private static DenseMatrix Covariance(PixelTable table, double[] mean)
    {
        var d = table.Dimension;
        var sums = new double[d, d];
        var centered = new float[d * PixelTable.BlockRows];
        for (var block = 0; block < table.BlockCount; block++)
        {
            var (features, rows) = table.Block(block);
            Parallel.For(
                0,
                d,
                i =>
                {
                    for (var row = 0; row < rows; row++)
                    {
                        centered[i * rows + row] = (float)(features[row * d + i] - mean[i]);
                    }
                }
            );
            Parallel.For(
                0,
                d,
                i =>
                {
                    for (var j = 0; j <= i; j++)
                    {
                        sums[i, j] += TensorPrimitives.Dot<float>(
                            centered.AsSpan(i * rows, rows),
                            centered.AsSpan(j * rows, rows)
                        );
                    }
                }
            );
        }

        return DenseMatrix.Create(d, d, (i, j) => sums[Math.Max(i, j), Math.Min(i, j)] / table.Count);
    }
}
