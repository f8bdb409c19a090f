using System.Numerics.Tensors;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class CellMatchingTests
{
    private const int Rows = 6;
    private const int Columns = 8;
    private const int Depth = 16;
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Two frames, the second of which shows the first moved by whole cells, in random features.</summary>
    private sealed class Pair
    {
        [VectorType(Rows, Columns, Depth)]
        public float[] From { get; set; } = [];

        [VectorType(Rows, Columns, Depth)]
        public float[] To { get; set; } = [];
    }

    private sealed class Flow
    {
        [VectorType(Rows, Columns, 2)]
        public float[] TrueFlow { get; set; } = [];

        [VectorType(Rows / 2, Columns / 2, 2)]
        public float[] Estimate { get; set; } = [];
    }

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

        var view = _ml.Data.LoadFromEnumerable([new Pair { From = frame, To = [.. frame.Select(value => 3 * value)] }]);
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
        var pair = Create(1, 0);
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
        using var engine = ml.Model.CreatePredictionEngine<Pair, Estimate>(loaded);
        float[] expected = model.Transform(view).GetColumn<float[]>("Moved").Single();

        Assert.Equal(expected, loaded.Transform(view).GetColumn<float[]>("Moved").Single());
        Assert.Equal(expected, engine.Predict(Create(1, 1)).Moved);
    }

    [Theory]
    [InlineData("\"Reach\":3", "\"Reach\":0", "EstimateFlow:\n- Radius is 0; it must be from 1 to 1024.")]
    [InlineData("\"OutputColumn\":\"Moved\"", "\"OutputColumn\":null", "EstimateFlow:\n- outputColumnName is empty.")]
    [InlineData("{", "[", "The JSON value could not be converted")]
    public void Damaged_settings_are_named(string good, string bad, string fault)
    {
        var settings = MatchSettings.Of("Moved", "From", "To", new FlowEstimationOptions { Radius = 3 });
        string json = JsonSerializer.Serialize(settings);
        Assert.Equal(settings, MatchSettings.Parse(json));
        var error = Assert.Throws<InvalidDataException>(() =>
            MatchSettings.Parse(json.Replace(good, bad, StringComparison.Ordinal))
        );

        Assert.StartsWith(
            "The saved model's step EstimateFlow or EstimateDisparity is damaged. ",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(" Save the model again.", error.Message, StringComparison.Ordinal);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_arguments_are_named_at_once()
    {
        var options = new FlowEstimationOptions
        {
            Radius = 0,
            Aggregation = 17,
            DistancePenalty = -1,
            Neighborhood = -1,
            Temperature = 0,
            CellWidth = float.NaN,
            ValidColumnName = "",
        };
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.EstimateFlow("", "From", "To", options));

        Assert.Equal(
            "EstimateFlow cannot work with these arguments:\n- outputColumnName is empty.\n"
                + "- ValidColumnName is empty or that of the output; null is for none.\n"
                + "- Radius is 0; it must be from 1 to 1024.\n- Neighborhood is -1; it must be from 0 to 16.\n"
                + "- Aggregation is 17; it must be from 0 to 16.\n"
                + "- Temperature is 0; it must be above 0.\n- CellWidth is NaN; it must be above 0.\n"
                + "- DistancePenalty is -1; it must be at least 0.",
            error.Message
        );
    }

    [Fact]
    public void Features_of_two_sizes_and_numbers_that_are_none_are_refused()
    {
        var rows = _ml.Data.LoadFromEnumerable([new Flow { TrueFlow = new float[96], Estimate = new float[24] }]);
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.EstimateFlow("Moved", "TrueFlow", "Estimate").Fit(rows)
        );
        Assert.Equal(
            "EstimateFlow cannot use these columns:\n- 'TrueFlow' is 6 × 8 × 2, 'Estimate' 3 × 4 × 2; both must come from the "
                + "same features at the same size.",
            error.Message
        );

        var pair = Create(0, 0);
        pair.To[5] = float.NaN;
        var view = _ml.Data.LoadFromEnumerable([pair]);
        var output = _ml.Transforms.EstimateFlow("Moved", "From", "To").Fit(view).Transform(view);
        Assert.Equal(
            "EstimateFlow: a feature in 'To' is not finite. Check the model that computes them.",
            Assert.Throws<InvalidDataException>(() => output.GetColumn<float[]>("Moved").Single()).Message
        );
    }

    /// <summary>An estimate of half as many cells, the same everywhere, is stretched to the truth's size.</summary>
    [Fact]
    public void Evaluation_stretches_a_grid_and_leaves_out_what_is_not_known()
    {
        float[] truth = [.. Enumerable.Range(0, 2 * Rows * Columns).Select(i => i % 2 == 0 ? 3f : 4)];
        truth[0] = float.NaN;
        float[] zero = new float[2 * (Rows / 2) * (Columns / 2)];
        var view = _ml.Data.LoadFromEnumerable([new Flow { TrueFlow = truth, Estimate = zero }]);
        var metrics = _ml.Regression.EvaluateFlow(view, "TrueFlow", "Estimate");

        Assert.Equal((5, 1, 1, 47), (metrics.EndPointError, metrics.FlAll, metrics.Within5, metrics.PixelCount));
        var error = Assert.Throws<ArgumentException>(() => _ml.Regression.EvaluateDisparity(view, "TrueFlow", "Gone"));
        Assert.Equal(
            "EvaluateDisparity cannot use these columns:\n- column 'TrueFlow' is of type Vector<Single, 6, 8, 2>; "
                + "Vector<Single, rows, columns> is expected, as EstimateDisparity gives it.\n"
                + "- there is no column 'Gone' among 'TrueFlow', 'Estimate'; Vector<Single, rows, columns> is expected, as "
                + "EstimateDisparity gives it.",
            error.Message
        );
    }

    private (float[] Moved, float[] Valid) Run(int down, int right, FlowEstimationOptions options)
    {
        var view = View(down, right);
        var output = _ml.Transforms.EstimateFlow("Moved", "From", "To", options).Fit(view).Transform(view);
        return (output.GetColumn<float[]>("Moved").Single(), output.GetColumn<float[]>("Valid").Single());
    }

    private IDataView View(int down, int right) => _ml.Data.LoadFromEnumerable([Create(down, right)]);

    private static Pair Create(int down, int right)
    {
        var random = new Random(3);
        float[] Numbers() => [.. Enumerable.Range(0, Rows * Columns * Depth).Select(_ => random.NextSingle() - 0.5f)];
        var pair = new Pair { From = Numbers(), To = Numbers() };
        for (int cell = 0; cell < Rows * Columns; cell++)
        {
            var (y, x) = ((cell / Columns) + down, (cell % Columns) + right);
            if (y >= 0 && y < Rows && x >= 0 && x < Columns)
            {
                pair.From.AsSpan(cell * Depth, Depth).CopyTo(pair.To.AsSpan(((y * Columns) + x) * Depth));
            }
        }

        return pair;
    }
}
