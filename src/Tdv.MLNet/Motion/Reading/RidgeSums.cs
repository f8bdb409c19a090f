using System.Numerics.Tensors;

namespace Tdv.MLNet.Motion;

/// <summary>
/// What a linear regression needs to know of its examples: sums and sums of products, in memory that does not grow with
/// their number. Products are summed in single precision within a block, in double between blocks.
/// </summary>
/// <param name="dimension">Numbers in an example, inputs first, then targets.</param>
/// <param name="origin">Subtracted from each example, so that little is lost to rounding; of an example or a mean.</param>
internal sealed class RidgeSums(int dimension, float[] origin)
{
    private const int BlockRows = 256;

    /// <summary>
    /// By number, then by example, so that products run over neighbors in memory; each times the root of its weight, and
    /// at the end the roots themselves, so that products with them are sums.
    /// </summary>
    private readonly float[] _block = new float[(dimension + 1) * BlockRows];
    private readonly double[][] _products = [.. Enumerable.Range(0, dimension + 1).Select(i => new double[i + 1])];
    private int _rows;

    public int Dimension => dimension;

    public long Count { get; private set; }

    /// <param name="example"><c>[dimension]</c>.</param>
    /// <param name="weight">How much its error counts, above 0.</param>
    public void Add(ReadOnlySpan<float> example, float weight)
    {
        float root = MathF.Sqrt(weight);
        for (int i = 0; i < dimension; i++)
        {
            _block[(i * BlockRows) + _rows] = root * (example[i] - origin[i]);
        }

        _block[(dimension * BlockRows) + _rows] = root;
        Count++;
        if (++_rows == BlockRows)
        {
            Flush();
        }
    }

    /// <summary>Takes in the sums of other examples, of the same origin.</summary>
    public void Add(RidgeSums other)
    {
        Flush();
        other.Flush();
        Count += other.Count;
        for (int i = 0; i <= dimension; i++)
        {
            TensorPrimitives.Add(_products[i], other._products[i], _products[i]);
        }
    }

    /// <summary>Weighted means and covariances of all that was added.</summary>
    public RidgeMoments Moments()
    {
        Flush();
        double weight = _products[dimension][dimension];
        double[] shifted = [.. _products[dimension][..dimension].Select(sum => sum / weight)];
        var covariance = new double[dimension, dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                covariance[i, j] = covariance[j, i] = (_products[i][j] / weight) - (shifted[i] * shifted[j]);
            }
        }

        return new([.. shifted.Select((mean, i) => mean + origin[i])], covariance);
    }

    private void Flush()
    {
        int rows = _rows;
        _rows = 0;
        if (rows == 0)
        {
            return;
        }

        Parallel.For(
            0,
            dimension + 1,
            i =>
            {
                var row = _block.AsSpan(i * BlockRows, rows);
                for (int j = 0; j <= i; j++)
                {
                    _products[i][j] += TensorPrimitives.Dot<float>(row, _block.AsSpan(j * BlockRows, rows));
                }
            }
        );
    }
}
