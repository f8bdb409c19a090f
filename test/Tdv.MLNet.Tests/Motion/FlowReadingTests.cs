using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class FlowReadingTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Ridge_is_that_solved_by_hand()
    {
        // x = (1, 0), (-1, 0), (0, 2), (0, -2): variances 1/2 and 2, no covariance. y = 3·x₁ + x₂ + 5.
        // Standardized weights 3/√2 and √2, each divided by 1 + λ; hence 3 / (1 + λ) and 1 / (1 + λ) of what was given.
        var sums = new RidgeSums(3, [0.5f, -1, 2]);
        foreach (var (x, y) in new[] { (1f, 0f), (-1f, 0f), (0f, 2f), (0f, -2f) })
        {
            sums.Add([x, y, (3 * x) + y + 5], 1);
        }

        var moments = sums.Moments();
        var ridge = RidgeRegression.Fit(moments, 1, 0.5)!;

        Assert.Equal(2, ridge.Weights[0, 0], 1e-6);
        Assert.Equal(2 / 3.0, ridge.Weights[1, 0], 1e-6);
        Assert.Equal(5, ridge.Constants[0], 1e-6);
        // Residuals are ±1 and ±2/3: (1 + 1 + 4/9 + 4/9) / 4.
        Assert.Equal(13 / 18.0, ridge.Error(moments), 1e-6);
    }

    [Fact]
    public void Correlated_inputs_are_solved_as_two_equations()
    {
        // Standardized inputs of correlation 0.8, y = z₁: (1 + λ)a + 0.8b = 1, 0.8a + (1 + λ)b = 0.8, λ = 0.2.
        // Hence b = 0.8·0.2 / (1.44 − 0.64) = 0.2, and a = (1 − 0.16) / 1.2 = 0.7.
        var moments = new RidgeMoments(
            [0, 0, 0],
            new double[,]
            {
                { 1, 0.8, 1 },
                { 0.8, 1, 0.8 },
                { 1, 0.8, 1 },
            }
        );
        var ridge = RidgeRegression.Fit(moments, 1, 0.2)!;

        Assert.Equal(0.7, ridge.Weights[0, 0], 1e-9);
        Assert.Equal(0.2, ridge.Weights[1, 0], 1e-9);
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_has_no_weights()
    {
        // Rounding made the correlation of two equal inputs a little more than 1.
        var moments = new RidgeMoments(
            [0, 0, 0],
            new[,]
            {
                { 1, 1 + 1e-5, 1 },
                { 1 + 1e-5, 1, 1 },
                { 1, 1, 1 },
            }
        );

        Assert.Null(RidgeRegression.Fit(moments, 1, 1e-6));
        Assert.NotNull(RidgeRegression.Fit(moments, 1, 1e-3));
    }

    [Fact]
    public void Sums_of_parts_are_those_of_the_whole_and_lose_nothing_to_a_large_offset()
    {
        var random = new Random(2);
        float[] origin = [10_000, 3];
        var (one, other) = (new RidgeSums(2, origin), new RidgeSums(2, origin));
        var examples = Enumerable.Range(0, 1000).Select(_ => (10_000 + random.Next(8), random.Next(5))).ToArray();
        foreach (var ((x, y), i) in examples.Select((example, i) => (example, i)))
        {
            (i < 700 ? one : other).Add([x, y], 1);
        }

        one.Add(other);
        var moments = one.Moments();
        double meanX = examples.Average(example => (double)example.Item1);
        double meanY = examples.Average(example => (double)example.Item2);
        Assert.Equal(1000, one.Count);
        Assert.Equal(meanX, moments.Means[0], 1e-9);
        Assert.Equal(
            examples.Average(example => (example.Item1 - meanX) * (example.Item2 - meanY)),
            moments.Covariances[1, 0],
            1e-9
        );
        Assert.Equal(
            examples.Average(example => (example.Item1 - meanX) * (example.Item1 - meanX)),
            moments.Covariances[0, 0],
            1e-9
        );
    }

    [Fact]
    public void An_example_of_weight_three_counts_as_three_of_weight_one()
    {
        var (weighted, repeated) = (new RidgeSums(2, [1, 1]), new RidgeSums(2, [1, 1]));
        foreach (var (x, y, weight) in new[] { (1f, 4f, 1), (2f, 0f, 3), (7f, 5f, 2) })
        {
            weighted.Add([x, y], weight);
            for (int i = 0; i < weight; i++)
            {
                repeated.Add([x, y], 1);
            }
        }

        // Means (1 + 6 + 14) / 6 and (4 + 10) / 6; products (4 + 0 + 70) / 6.
        var moments = weighted.Moments();
        Assert.Equal(3.5, moments.Means[0], 1e-6);
        Assert.Equal((74 / 6.0) - (3.5 * 14 / 6), moments.Covariances[1, 0], 1e-5);
        Assert.Equal(repeated.Moments().Covariances[1, 1], moments.Covariances[1, 1], 1e-5);
    }

    [Fact]
    public void A_linear_flow_is_read_exactly_from_a_cell_and_its_neighbors()
    {
        // u is the feature to the right, v twice the second feature of the cell itself, plus 1.
        var view = _ml.Data.LoadFromEnumerable(Rows(40));
        var model = _ml.Transforms.ReadFlow().Fit(view);
        float[][] flow = [.. model.Transform(view).GetColumn<float[]>("PredictedFlow")];
        float[][] truth = [.. view.GetColumn<float[]>("Flow")];

        Assert.Equal(1e-6, model.Regularization);
        Assert.Equal(40, flow.Length);
        Assert.All(
            flow.Zip(truth).SelectMany(row => row.First.Zip(row.Second)).Where(pair => float.IsFinite(pair.Second)),
            pair => Assert.Equal(pair.Second, pair.First, 1e-3f)
        );
        // What is not known is predicted all the same.
        Assert.All(flow.SelectMany(row => row), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void A_cell_alone_does_not_know_its_neighbor()
    {
        var view = _ml.Data.LoadFromEnumerable(Rows(40));
        var options = new FlowReadingOptions { Neighborhood = 0 };
        var model = _ml.Transforms.ReadFlow("PredictedFlow", options).Fit(view);
        var errors = model
            .Transform(view)
            .GetColumn<float[]>("PredictedFlow")
            .Zip(view.GetColumn<float[]>("Flow"))
            .SelectMany(row => row.First.Zip(row.Second).Select((pair, i) => (pair, i)))
            .Where(entry => float.IsFinite(entry.pair.Second))
            .ToLookup(entry => entry.i % 2, entry => Math.Abs(entry.pair.First - entry.pair.Second));

        Assert.True(errors[0].Average() > 0.1);
        Assert.True(errors[1].Max() < 1e-3);
    }

    [Fact]
    public void It_survives_save_and_load_and_reads_other_grids()
    {
        var view = _ml.Data.LoadFromEnumerable(Rows(10));
        var model = _ml.Transforms.ReadFlow().Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);

        Assert.Equal(
            model.Transform(view).GetColumn<float[]>("PredictedFlow"),
            loaded.Transform(view).GetColumn<float[]>("PredictedFlow")
        );
        Assert.Equal(model.Regularization, Assert.IsType<FlowReadingTransformer>(Unwrapped(loaded)).Regularization);
        var wide = _ml.Data.LoadFromEnumerable([new Wide { Motion = [1, 0, 2, 0, 3, 0, 4, 0, 5, 7] }]);
        var type = (VectorDataViewType)loaded.GetOutputSchema(wide.Schema)["PredictedFlow"].Type;
        float[] flow = loaded.Transform(wide).GetColumn<float[]>("PredictedFlow").Single();
        float[] expected = [2, 1, 3, 1, 4, 1, 5, 1, 5, 15];
        Assert.Equal([1, 5, 2], type.Dimensions);
        Assert.All(flow.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-3f));
    }

    [Fact]
    public void All_wrong_arguments_are_named_at_once()
    {
        var options = new FlowReadingOptions
        {
            FeatureColumnNames = [],
            LabelColumnName = " ",
            Neighborhood = 9,
            Regularization = 0,
        };
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.ReadFlow("", options));
        Assert.Equal(
            "ReadFlow cannot work with these arguments:\n- outputColumnName is empty.\n"
                + "- FeatureColumnNames must hold at least one name and no empty one.\n- LabelColumnName is empty.\n"
                + "- Neighborhood is 9; 0 to 8 are expected.\n- Regularization is 0; it must be above 0 and finite, or null.",
            error.Message
        );
    }

    [Fact]
    public void Wrong_columns_are_named_at_once()
    {
        var view = _ml.Data.LoadFromEnumerable(Rows(2));
        var missing = new FlowReadingOptions { FeatureColumnNames = ["Motion", "Other"], LabelColumnName = "Truth" };
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.ReadFlow("Read", missing).Fit(view));
        const string grid = "Vector<Single, height, width, D> is expected, as TdvFeaturize or ColorFeaturize gives it.";
        Assert.Equal(
            $"ReadFlow cannot use these columns:\n- there is no column 'Other' among 'Motion', 'Flow'; {grid}\n"
                + $"- there is no column 'Truth' among 'Motion', 'Flow'; {grid}",
            error.Message
        );
        var swapped = new FlowReadingOptions { FeatureColumnNames = ["Flow"], LabelColumnName = "Pair" };
        var pairs = _ml.Transforms.CopyColumns("Pair", "Wide").Fit(With(view)).Transform(With(view));
        error = Assert.Throws<ArgumentException>(() => _ml.Transforms.ReadFlow("Read", swapped).Fit(pairs));
        Assert.Equal(
            "ReadFlow cannot use these columns:\n- column 'Pair' is of 2 × 3 × 1 numbers; 2 × 3 × 2 are expected, a flow "
                + "for each cell of the features.",
            error.Message
        );
    }

    [Fact]
    public void Too_few_rows_and_unknown_flow_are_told()
    {
        var few = _ml.Data.LoadFromEnumerable(Rows(4));
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ReadFlow().Fit(few));
        Assert.Equal(
            "ReadFlow chooses Regularization by every 5th row, and there are fewer; give more rows, or Regularization.",
            error.Message
        );
        var unknown = _ml.Data.LoadFromEnumerable(Rows(6, row => Array.Fill(row.Flow, float.NaN)));
        error = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ReadFlow().Fit(unknown));
        Assert.Equal("ReadFlow has nothing to learn from: no cell of column 'Flow' has a known flow.", error.Message);
        var infinite = _ml.Data.LoadFromEnumerable(Rows(6, row => row.Motion[3] = float.NaN));
        var damaged = Assert.Throws<InvalidDataException>(() =>
            _ml.Transforms.ReadFlow("Read", new FlowReadingOptions { Regularization = 1 }).Fit(infinite)
        );
        Assert.Equal(
            "ReadFlow cannot learn from features that are not finite; look at the columns 'Motion'.",
            damaged.Message
        );
    }

    private IDataView With(IDataView view) =>
        _ml.Data.LoadFromEnumerable(
            view.GetColumn<float[]>("Flow").Select(flow => new Other { Flow = flow, Wide = new float[6] }).ToArray()
        );

    private static object Unwrapped(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.Single() : model;

    private static Row[] Rows(int count, Action<Row>? change = null)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    var row = new Row
                    {
                        Motion = [.. Enumerable.Range(0, 12).Select(_ => (4 * random.NextSingle()) - 2)],
                        Flow = new float[12],
                    };
                    for (int cell = 0; cell < 6; cell++)
                    {
                        int right = cell % 3 == 2 ? cell : cell + 1;
                        row.Flow[2 * cell] = row.Motion[2 * right];
                        row.Flow[(2 * cell) + 1] = (2 * row.Motion[(2 * cell) + 1]) + 1;
                    }

                    row.Flow[2 * random.Next(6)] = float.NaN;
                    change?.Invoke(row);
                    return row;
                }),
        ];
    }

    private sealed class Row
    {
        [VectorType(2, 3, 2)]
        public float[] Motion { get; set; } = [];

        [VectorType(2, 3, 2)]
        public float[] Flow { get; set; } = [];
    }

    private sealed class Wide
    {
        [VectorType(1, 5, 2)]
        public float[] Motion { get; set; } = [];
    }

    private sealed class Other
    {
        [VectorType(2, 3, 2)]
        public float[] Flow { get; set; } = [];

        [VectorType(2, 3, 1)]
        public float[] Wide { get; set; } = [];
    }
}
