using MathNet.Numerics.LinearAlgebra;

namespace Tdv.MLNet.Visualization;

/// <summary>The directions along which features differ most.</summary>
internal static class PrincipalDirections
{
    /// <param name="sample">The features.</param>
    /// <param name="count">How many; where features have fewer dimensions, the rest are zero.</param>
    /// <returns>
    /// Unit vectors, <c>[D, count]</c>, the strongest first, each turned so that its largest entry is positive: of the two
    /// signs that a direction may have, the same one is found each time.
    /// </returns>
    public static Matrix<float> Of(CellSample sample, int count)
    {
        var cells = sample.ToMatrix();
        var mean = cells.ColumnSums() / cells.RowCount;
        var centered =
            cells - Matrix<float>.Build.Dense(cells.RowCount, cells.ColumnCount, (_, column) => mean[column]);
        var covariance = centered.TransposeThisAndMultiply(centered) / cells.RowCount;
        var vectors = covariance.ToDouble().Evd(Symmetricity.Symmetric).EigenVectors;
        var directions = Matrix<float>.Build.Dense(sample.Dimension, count);
        for (int i = 0; i < Math.Min(count, sample.Dimension); i++)
        {
            // Eigenvalues ascend.
            var direction = vectors.Column(sample.Dimension - 1 - i);
            double sign = Math.Sign(direction[direction.AbsoluteMaximumIndex()]);
            directions.SetColumn(i, (direction * sign).ToSingle());
        }

        return directions;
    }
}
