using MathNet.Numerics.LinearAlgebra;

namespace Tdv.MLNet.Visualization;

/// <summary>Features of cells, evenly chosen from however many grids come: the same each time.</summary>
internal sealed class CellSample(int dimension)
{
    private const int Limit = 8192;
    private readonly List<float[]> _cells = [];
    private int _distance = 1;
    private int _seen;

    public int Dimension => dimension;

    /// <param name="grid"><c>[cells × D]</c></param>
    public void Add(ReadOnlySpan<float> grid)
    {
        for (int start = 0; start < grid.Length; start += dimension)
        {
            if (_seen++ % _distance == 0)
            {
                _cells.Add(grid.Slice(start, dimension).ToArray());
                if (_cells.Count > Limit)
                {
                    Thin();
                }
            }
        }
    }

    /// <returns><c>[cells, D]</c></returns>
    public Matrix<float> ToMatrix() => Matrix<float>.Build.DenseOfRowArrays(_cells);

    /// <summary>The directions along which features differ most.</summary>
    /// <param name="count">How many; where features have fewer dimensions, the rest are zero.</param>
    /// <returns>
    /// Unit vectors, <c>[D, count]</c>, the strongest first, each turned so that its largest entry is positive: of the two
    /// signs that a direction may have, the same one is found each time.
    /// </returns>
    public Matrix<float> Directions(int count)
    {
        var cells = ToMatrix();
        var mean = cells.ColumnSums() / cells.RowCount;
        var centered =
            cells - Matrix<float>.Build.Dense(cells.RowCount, cells.ColumnCount, (_, column) => mean[column]);
        var covariance = centered.TransposeThisAndMultiply(centered) / cells.RowCount;
        var vectors = covariance.ToDouble().Evd(Symmetricity.Symmetric).EigenVectors;
        var directions = Matrix<float>.Build.Dense(dimension, count);
        for (int i = 0; i < Math.Min(count, dimension); i++)
        {
            // Eigenvalues ascend.
            var direction = vectors.Column(dimension - 1 - i);
            double sign = Math.Sign(direction[direction.AbsoluteMaximumIndex()]);
            directions.SetColumn(i, (direction * sign).ToSingle());
        }

        return directions;
    }

    private void Thin()
    {
        int index = 0;
        _cells.RemoveAll(_ => index++ % 2 == 1);
        _distance *= 2;
    }
}
