using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class CellMatchingTests
{
    private const int Rows = MovedPair.Rows;
    private const int Columns = MovedPair.Columns;
    private const int Depth = MovedPair.Depth;
    private readonly MLContext _ml = new(seed: 1);

    private sealed class Estimate
    {
        public float[] Moved { get; set; } = [];
    }

    [Fact]
    public void Flow_is_found_where_a_cell_went_and_not_where_it_left_the_frame()
    {
        var (moved, valid) = Run(
            down: 1,
            right: 2,
            new()
            {
                Radius = 3,
                Aggregation = 0,
                Temperature = 0.05f,
                Smoothing = 0,
                ValidColumnName = "Valid",
            }
        );
        for (int cell = 0; cell < Rows * Columns; cell++)
        {
            if (cell / Columns + 1 < Rows && cell % Columns + 2 < Columns)
            {
                Assert.Equal((2f, 1f, 1f), (Rounded(moved[2 * cell]), Rounded(moved[(2 * cell) + 1]), valid[cell]));
            }
        }

        // 6 × 8 cells, of which 5 × 6 are in both frames; by chance, few of the others are found back.
        Assert.InRange(valid.Sum(), 30, 36);

        static float Rounded(float value) => MathF.Round(value, 3);
    }

    [Fact]
    public void Smoothing_gives_hidden_cells_the_flow_of_their_neighbors()
    {
        var (moved, _) = Run(
            down: 0,
            right: 1,
            new()
            {
                Radius = 3,
                Aggregation = 0,
                Temperature = 0.05f,
                Smoothing = 1,
                ValidColumnName = "Valid",
            }
        );

        Assert.All(Enumerable.Range(0, Rows * Columns), cell => Assert.Equal(1, moved[2 * cell], 1e-3f));
    }

    [Fact]
    public void Flow_is_in_pixels_if_cells_have_some()
    {
        var options = new FlowEstimationOptions
        {
            Radius = 2,
            Aggregation = 0,
            Temperature = 0.05f,
            CellWidth = 8,
            CellHeight = 4,
            ValidColumnName = "Valid",
        };
        var (moved, _) = Run(down: 1, right: -1, options);

        Assert.Equal((-8f, 4f), (MathF.Round(moved[20], 2), MathF.Round(moved[21], 2)));
    }

    [Fact]
    public void Disparity_is_how_far_to_the_left_it_went()
    {
        var view = View(down: 0, right: -3);
        var options = new DisparityEstimationOptions
        {
            MaxDisparity = 5,
            Aggregation = 0,
            CellWidth = 2,
            Smoothing = 0,
        };
        var model = _ml.Transforms.EstimateDisparity("Moved", "From", "To", options).Fit(view);
        var output = model.Transform(view);
        float[] disparity = output.GetColumn<float[]>("Moved").Single();

        Assert.Equal([Rows, Columns], ((VectorDataViewType)output.Schema["Moved"].Type).Dimensions);
        for (int cell = 0; cell < disparity.Length; cell++)
        {
            if (cell % Columns >= 3)
            {
                Assert.Equal(6, disparity[cell], 1e-2f);
            }
        }
    }

    /// <summary>
    /// The cosines with the three cells of a row are 0, 1 and cos: weights exp(−1/T), 1, exp((cos − 1)/T), by hand.
    /// </summary>
    [Fact]
    public void The_place_between_cells_is_weighed_by_a_softmax_of_cosines()
    {
        const float cosine = 0.9f;
        float sine = MathF.Sqrt(1 - (cosine * cosine));
        var row = new Row { From = [0, 0, 1, 1, 0, 0, 0, 0, 1], To = [0, 1, 0, 1, 0, 0, cosine, 0, sine] };
        var view = _ml.Data.LoadFromEnumerable([row]);
        var options = new FlowEstimationOptions
        {
            Radius = 1,
            Aggregation = 0,
            Temperature = 0.1f,
            Smoothing = 0,
        };
        var found = _ml.Transforms.EstimateFlow("Moved", "From", "To", options).Fit(view).Transform(view);
        float[] moved = found.GetColumn<float[]>("Moved").Single();
        double before = Math.Exp(-1 / 0.1);
        double behind = Math.Exp((cosine - 1) / 0.1);

        Assert.Equal((behind - before) / (before + 1 + behind), moved[2], 1e-5);
        Assert.Equal(0, moved[3]);
    }

    /// <summary>Features that are alike but for rounding, as in a clear sky, and some that are not.</summary>
    [Fact]
    public void The_same_frame_twice_does_not_move_at_all()
    {
        var random = new Random(5);
        // A flat frame but for a corner: cosines of its cells with one another are 1 but for rounding.
        float[] frame = [.. Enumerable.Range(0, Rows * Columns * Depth).Select(i => 0.1f + (0.37f * (i % Depth)))];
        for (int i = 0; i < 3 * Depth; i++)
        {
            frame[i] = random.NextSingle();
        }

        var view = _ml.Data.LoadFromEnumerable([
            new MovedPair { From = frame, To = [.. frame.Select(value => 3 * value)] },
        ]);
        var found = _ml.Transforms.EstimateFlow("Moved", "From", "To").Fit(view).Transform(view);

        Assert.All(found.GetColumn<float[]>("Moved").Single(), move => Assert.Equal(0f, move));
    }

    /// <summary>Of two cells that are almost alike, one is where the cell was, and the other, a bit more alike, beside it.</summary>
    [Theory]
    [InlineData(0.05f, 0f)]
    [InlineData(0f, 1f)]
    public void Of_places_that_look_alike_the_nearer_one_is_taken(float penalty, float expected)
    {
        // Cosines of the first cell with the second frame's: 0.98, 1 and 0. 0.98 > 1 − 0.05 · 1².
        float sine = MathF.Sqrt(1 - (0.98f * 0.98f));
        var row = new Row { From = [1, 0, 0, 0, 1, 0, 0, 0, 1], To = [0.98f, sine, 0, 1, 0, 0, 0, 0, 1] };
        var view = _ml.Data.LoadFromEnumerable([row]);
        var options = new FlowEstimationOptions
        {
            Radius = 2,
            Aggregation = 0,
            DistancePenalty = penalty,
            Neighborhood = 0,
            Smoothing = 0,
        };
        var found = _ml.Transforms.EstimateFlow("Moved", "From", "To", options).Fit(view).Transform(view);

        Assert.Equal(expected, found.GetColumn<float[]>("Moved").Single()[0]);
    }

    /// <summary>Means over squares of cells, computed one by one as they are defined.</summary>
    [Fact]
    public void Cosines_of_neighbors_that_move_alike_are_averaged()
    {
        var pair = MovedPair.Create(1, 0);
        var (from, to) = (new FeatureGrid(Rows, Columns, Depth), new FeatureGrid(Rows, Columns, Depth));
        from.Set(pair.From);
        to.Set(pair.To);
        var window = new CorrelationWindow(2, 1, 3, 2);
        var cosines = new AggregatedCosines(from, to, window, 1);
        for (int row = 0; row < Rows; row++)
        {
            cosines.Read(row);
            for (int column = 0; column < Columns; column++)
            {
                var found = cosines.Of(row, column);
                for (int i = 0; i < window.Count; i++)
                {
                    Assert.Equal(
                        Mean(row, column, (i / window.Columns) - 2, (i % window.Columns) - 3),
                        found[i],
                        1e-5f
                    );
                }
            }
        }

        float Mean(int row, int column, int down, int right)
        {
            if (!Inside(row + down, column + right))
            {
                return float.NegativeInfinity;
            }

            var all = new List<float>();
            for (int y = row - 1; y <= row + 1; y++)
            {
                for (int x = column - 1; x <= column + 1; x++)
                {
                    if (Inside(y, x) && Inside(y + down, x + right))
                    {
                        var other = to[((y + down) * Columns) + x + right];
                        all.Add(TensorPrimitives.Dot(from[(y * Columns) + x], other));
                    }
                }
            }

            return all.Average();
        }

        static bool Inside(int y, int x) => y >= 0 && y < Rows && x >= 0 && x < Columns;
    }

    private sealed class Row
    {
        [VectorType(1, 3, 3)]
        public float[] From { get; set; } = [];

        [VectorType(1, 3, 3)]
        public float[] To { get; set; } = [];
    }

    [Fact]
    public void It_survives_save_and_load_and_works_in_a_prediction_engine()
    {
        var view = View(down: 1, right: 1);
        var model = _ml.Transforms.EstimateFlow("Moved", "From", "To").Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        var ml = new MLContext();
        var loaded = ml.Model.Load(stream, out _);
        using var engine = ml.Model.CreatePredictionEngine<MovedPair, Estimate>(loaded);
        float[] expected = model.Transform(view).GetColumn<float[]>("Moved").Single();

        Assert.Equal(expected, loaded.Transform(view).GetColumn<float[]>("Moved").Single());
        Assert.Equal(expected, engine.Predict(MovedPair.Create(1, 1)).Moved);
    }

    private (float[] Moved, float[] Valid) Run(int down, int right, FlowEstimationOptions options)
    {
        var view = View(down, right);
        var output = _ml.Transforms.EstimateFlow("Moved", "From", "To", options).Fit(view).Transform(view);
        return (output.GetColumn<float[]>("Moved").Single(), output.GetColumn<float[]>("Valid").Single());
    }

    private IDataView View(int down, int right) => _ml.Data.LoadFromEnumerable([MovedPair.Create(down, right)]);
}
