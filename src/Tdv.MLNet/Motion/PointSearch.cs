using System.Numerics.Tensors;

namespace Tdv.MLNet.Motion;

/// <summary>Features between cells, and where on a frame a feature is found again. For one thread; memory is kept.</summary>
/// <param name="radius">Cells to each side in which a feature is sought.</param>
/// <param name="temperature">Of the soft-argmax.</param>
/// <param name="penalty">Taken off a cosine for each squared cell of distance.</param>
internal sealed class PointSearch(int radius, double temperature, double penalty)
{
    /// <summary>Cells to each side of the best one that have a say in where between cells the place is.</summary>
    private const int Neighborhood = 1;

    private readonly CorrelationWindow _window = CorrelationWindow.Square(radius);
    private readonly float[] _cosines = new float[CorrelationWindow.Square(radius).Count];

    /// <summary>The feature at a place, interpolated bilinearly between the four cells around it, made of length 1.</summary>
    /// <param name="grid">The frame.</param>
    /// <param name="place">Where; outside the outermost cells' middles, these count.</param>
    /// <param name="feature"><c>[depth]</c>, written.</param>
    public static void Sample(FeatureGrid grid, GridPoint place, Span<float> feature)
    {
        float y = Math.Clamp(place.Row, 0, grid.Rows - 1);
        float x = Math.Clamp(place.Column, 0, grid.Columns - 1);
        var (top, left) = ((int)y, (int)x);
        var (bottom, right) = (Math.Min(top + 1, grid.Rows - 1), Math.Min(left + 1, grid.Columns - 1));
        feature.Clear();
        Add(top, left, (1 - (y - top)) * (1 - (x - left)), feature);
        Add(top, right, (1 - (y - top)) * (x - left), feature);
        Add(bottom, left, (y - top) * (1 - (x - left)), feature);
        Add(bottom, right, (y - top) * (x - left), feature);
        TensorPrimitives.Divide(feature, Math.Max(TensorPrimitives.Norm(feature), 1e-12f), feature);

        void Add(int row, int column, float weight, Span<float> sum) =>
            TensorPrimitives.MultiplyAdd(grid[(row * grid.Columns) + column], weight, sum, sum);
    }

    /// <summary>Where around a place a feature is found, and its cosine with the best cell there.</summary>
    public (GridPoint Place, float Cosine) Find(ReadOnlySpan<float> feature, FeatureGrid grid, GridPoint around)
    {
        int row = (int)MathF.Round(Math.Clamp(around.Row, 0, grid.Rows - 1));
        int column = (int)MathF.Round(Math.Clamp(around.Column, 0, grid.Columns - 1));
        LocalCorrelation.Point(feature, row, column, grid, _window, _cosines);
        int best = Best(around - new GridPoint(row - radius, column - radius));
        return (new GridPoint(row - radius, column - radius) + SoftArgMax(best), _cosines[best]);
    }

    /// <summary>The most alike, or one nearly so and nearer.</summary>
    /// <param name="around">In the window's cells.</param>
    private int Best(GridPoint around)
    {
        int best = 0;
        double most = double.NegativeInfinity;
        for (int i = 0; i < _cosines.Length; i++)
        {
            var (row, column) = Math.DivRem(i, _window.Columns);
            var (down, right) = (row - around.Row, column - around.Column);
            double score = _cosines[i] - (penalty * ((down * down) + (right * right)));
            if (score > most)
            {
                (best, most) = (i, score);
            }
        }

        return best;
    }

    /// <summary>
    /// The mean place around the best cell, weighted by exp(cosine / temperature); in the window's cells. Pairs of opposite
    /// cells alone count: at a border, one side would pull.
    /// </summary>
    private GridPoint SoftArgMax(int best)
    {
        var (bestRow, bestColumn) = Math.DivRem(best, _window.Columns);
        var sum = default(PlaceSum);
        for (int y = -Neighborhood; y <= Neighborhood; y++)
        {
            for (int x = -Neighborhood; x <= Neighborhood; x++)
            {
                float cosine = _window.At(_cosines, bestRow + y, bestColumn + x);
                if (float.IsFinite(cosine + _window.At(_cosines, bestRow - y, bestColumn - x)))
                {
                    // What is more alike than the best has lost by its distance only: it counts as much.
                    sum.Add(y, x, Math.Exp(Math.Min(0, cosine - _cosines[best]) / temperature));
                }
            }
        }

        return new((float)(bestRow + sum.Y), (float)(bestColumn + sum.X));
    }
}
