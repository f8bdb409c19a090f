using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Motion;
using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Torch;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Motion;

public sealed class FlowReadingTests
{
    private const int Height = 4;
    private const int Width = 5;

    /// <summary>Places of a cell whose brightness changes.</summary>
    private const int Places = 4;
    private const int Depth = 3 * Places;
    private static readonly FlowReadingOptions Quick = new()
    {
        Width = 32,
        Passes = 2,
        Seed = 1,
    };
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_layer_sums_over_neighbors_and_nothing_lies_beyond_the_border()
    {
        // 2 × 2 cells of one number; the map takes 100 × above + 10 × the cell + the one to the right, less 5.
        var map = new AffineMap([0, 100, 0, 0, 10, 1, 0, 0, 0], [-5]);
        var layer = new FlowLayer(1, map);

        Assert.Equal([7, 15, 129, 235], layer.Apply([1, 2, 3, 4], 2, 2, rectify: true));
        Assert.Equal([-5, -5], new FlowLayer(1, map).Apply([0, 0], 1, 2, rectify: false));
        Assert.Equal([0, 0], new FlowLayer(1, map).Apply([0, 0], 1, 2, rectify: true));
    }

    [Fact]
    public void Layers_compute_what_the_trained_head_computes()
    {
        LibTorchLoader.EnsureAvailable();
        using var head = new FlowHead(Depth, 6, seed: 3);
        using var gradients = no_grad();
        foreach (var parameter in head.Parameters)
        {
            parameter.uniform_(-0.5, 0.5);
        }

        float[] cells = [.. Rows(1)[0].Motion];
        float[] means = [.. Enumerable.Range(0, Depth).Select(i => 0.1f * i)];
        float[] scales = [.. Enumerable.Range(0, Depth).Select(i => 1 + (0.2f * i))];
        using var input = (tensor(cells).view(1, Height, Width, Depth) - tensor(means)) * tensor(scales);
        float[] expected = [.. head.Forward(input).data<float>()];
        var reader = new FlowReader(["Motion"], [Depth], head.Layers(means, scales, 3), 0);
        float[] found = reader.Read(cells, Height, Width);

        Assert.All(expected.Zip(found), pair => Assert.Equal(3 * pair.First, pair.Second, 1e-3f));
        Assert.True(expected.Max() - expected.Min() > 0.1);
    }

    [Fact]
    public void What_the_rows_are_like_is_that_computed_by_hand()
    {
        var statistics = new FlowStatistics(2);
        statistics.Add(new([1000, 7, 1002, 7], [3, 4, float.NaN, 1]));
        statistics.Add(new([1004, 7, 1006, 7], [0, 1, 0, 0]));

        Assert.Equal((2, 3), (statistics.Rows, statistics.Known));
        Assert.Equal(2, statistics.Length);
        Assert.Equal([1003, 7], statistics.Means);
        // Squares of -3, -1, 1 and 3: a variance of 5. What never changes tells nothing.
        Assert.Equal(1 / Math.Sqrt(5), statistics.Scales[0], 1e-6);
        Assert.Equal(0, statistics.Scales[1]);
    }

    [Fact]
    public void The_error_is_the_mean_length_where_the_flow_is_known()
    {
        using var scope = NewDisposeScope();
        var view = _ml.Data.LoadFromEnumerable(Rows(1));
        var statistics = new FlowStatistics(2);
        FlowRow[] rows = [new([0, 0, 1, 1, 2, 2], [3, 4, float.NaN, float.NaN, 0, 0])];
        statistics.Add(rows[0]);
        var batch = FlowBatch.Of(rows, 1, 3, statistics);
        var prediction = tensor(new float[] { 0, 0, 9, 9, 0.8f, 0.6f }).view(1, 1, 3, 2);

        // Flow is counted in its mean length, 2.5: lengths of 2 and 1, but for the rounding.
        Assert.Equal(2, batch.Count);
        Assert.Equal(3, batch.Error(prediction).Value(), 1e-3);
        Assert.Equal(0.01 + 2, batch.Error(zeros(1, 1, 3, 2)).Value(), 1e-3);
    }

    [Fact]
    public void Flow_is_found_in_change_over_time_and_space_where_no_linear_map_finds_any()
    {
        // Brightness changes by −(u·Iₓ + v·I_y), and gradients have either sign: features correlate with the flow not at all.
        var train = _ml.Data.LoadFromEnumerable(Rows(500));
        var test = _ml.Data.LoadFromEnumerable(Rows(60, seed: 9));
        var options = new FlowReadingOptions
        {
            Passes = 25,
            LearningRate = 0.003,
            Seed = 1,
        };
        var model = _ml.Transforms.ReadFlow("PredictedFlow", options).Fit(train);
        float[][] truth = [.. test.GetColumn<float[]>("Flow")];
        double still = Error(truth, truth.Select(flow => new float[flow.Length]));
        double read = Error(truth, model.Transform(test).GetColumn<float[]>("PredictedFlow"));

        Assert.True(read < 0.5 * still, $"{read} of {still}");
        Assert.InRange(model.HeldOutError / read, 0.8, 1.25);
    }

    [Fact]
    public void The_same_seed_gives_the_same_reading_and_another_another()
    {
        var view = _ml.Data.LoadFromEnumerable(Rows(30));
        float[][] Read(FlowReadingOptions options) =>
            [
                .. _ml
                    .Transforms.ReadFlow("PredictedFlow", options)
                    .Fit(view)
                    .Transform(view)
                    .GetColumn<float[]>("PredictedFlow"),
            ];

        Assert.Equal(Read(Quick), Read(Quick));
        Assert.NotEqual(Read(Quick), Read(Quick with { Seed = 2 }));
        // What is not known is predicted all the same.
        Assert.All(Read(Quick).SelectMany(row => row), number => Assert.True(float.IsFinite(number)));
    }

    [Fact]
    public void It_survives_save_and_load_and_reads_other_grids()
    {
        var view = _ml.Data.LoadFromEnumerable(Rows(10));
        var model = _ml.Transforms.ReadFlow("PredictedFlow", Quick).Fit(view);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, view.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);

        Assert.Equal(
            model.Transform(view).GetColumn<float[]>("PredictedFlow"),
            loaded.Transform(view).GetColumn<float[]>("PredictedFlow")
        );
        Assert.Equal(model.HeldOutError, Assert.IsType<FlowReadingTransformer>(Unwrapped(loaded)).HeldOutError);
        var small = _ml.Data.LoadFromEnumerable([new Small { Motion = new float[2 * Depth] }]);
        var type = (VectorDataViewType)loaded.GetOutputSchema(small.Schema)["PredictedFlow"].Type;
        Assert.Equal([1, 2, 2], type.Dimensions);
        Assert.Equal(4, loaded.Transform(small).GetColumn<float[]>("PredictedFlow").Single().Length);
    }

    [Fact]
    public void A_saved_reading_whose_numbers_do_not_fit_is_damaged()
    {
        using var stream = new MemoryStream();
        var layer = new FlowLayer(0, new AffineMap(new float[6], new float[2]));
        new FlowReader(["Motion"], [2], [layer], 0).Save(new BinaryWriter(stream));
        stream.Position = 0;

        var error = Assert.Throws<InvalidDataException>(() => FlowReader.Load(new BinaryReader(stream)));
        Assert.Equal(
            "The saved ReadFlow step is damaged: columns of [2] features do not become 2 numbers by layers of [3 → 2]. "
                + "Save the model again.",
            error.Message
        );
    }

    [Fact]
    public void All_wrong_arguments_are_named_at_once()
    {
        var options = new FlowReadingOptions
        {
            FeatureColumnNames = [],
            LabelColumnName = " ",
            Width = 0,
            Passes = 0,
            LearningRate = 0,
        };
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.ReadFlow("", options));
        Assert.Equal(
            "ReadFlow cannot work with these arguments:\n- outputColumnName is empty.\n"
                + "- FeatureColumnNames must hold at least one name and no empty one.\n- LabelColumnName is empty.\n"
                + "- Width is 0; 1 to 1024 are expected.\n- Passes is 0; at least 1 is expected.\n"
                + "- LearningRate is 0; it must be above 0 and finite.",
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
        var swapped = new FlowReadingOptions { FeatureColumnNames = ["Flow"], LabelColumnName = "Motion" };
        error = Assert.Throws<ArgumentException>(() => _ml.Transforms.ReadFlow("Read", swapped).Fit(view));
        Assert.Equal(
            "ReadFlow cannot use these columns:\n- column 'Motion' is of 4 × 5 × 12 numbers; 4 × 5 × 2 are expected, a flow "
                + "for each cell of the features.",
            error.Message
        );
    }

    [Fact]
    public void Too_few_rows_and_unknown_flow_are_told()
    {
        var few = _ml.Data.LoadFromEnumerable(Rows(9));
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ReadFlow().Fit(few));
        Assert.Equal(
            "ReadFlow has 9 rows to learn from; it needs 10 or more, as it keeps every 10th back to see which pass was best, "
                + "and thousands to learn well.",
            error.Message
        );
        var unknown = _ml.Data.LoadFromEnumerable(Rows(10, change: row => Array.Fill(row.Flow, float.NaN)));
        error = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ReadFlow().Fit(unknown));
        Assert.Equal("ReadFlow has nothing to learn from: no cell of column 'Flow' has a known flow.", error.Message);
        var infinite = _ml.Data.LoadFromEnumerable(Rows(10, change: row => row.Motion[3] = float.NaN));
        var damaged = Assert.Throws<InvalidDataException>(() => _ml.Transforms.ReadFlow().Fit(infinite));
        Assert.StartsWith("Row 0: 'Motion' holds NaN (number 3 of ", damaged.Message, StringComparison.Ordinal);
    }

    private static double Error(IEnumerable<float[]> truth, IEnumerable<float[]> estimate) =>
        Tdv.Tool.Motion.FlowReading.CellError(truth, estimate);

    private static object Unwrapped(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.Single() : model;

    /// <summary>Cells of Iₓ, I_y and I_t at some places; the flow of one of them is not known.</summary>
    private static Row[] Rows(int count, int seed = 3, Action<Row>? change = null)
    {
        var random = new Random(seed);
        float Draw(float most) => most * ((2 * random.NextSingle()) - 1);
        float Gradient() => (random.Next(2) == 0 ? 1 : -1) * (0.5f + (0.5f * random.NextSingle()));
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                {
                    var row = new Row();
                    for (int cell = 0; cell < Height * Width; cell++)
                    {
                        var (u, v) = (Draw(2), Draw(2));
                        (row.Flow[2 * cell], row.Flow[(2 * cell) + 1]) = (u, v);
                        for (int place = 0; place < Places; place++)
                        {
                            var (x, y) = (Gradient(), Gradient());
                            float[] numbers = [x, y, -(u * x) - (v * y)];
                            numbers.CopyTo(row.Motion, (cell * Depth) + (3 * place));
                        }
                    }

                    row.Flow[2 * random.Next(Height * Width)] = float.NaN;
                    change?.Invoke(row);
                    return row;
                }),
        ];
    }

    private sealed class Row
    {
        [VectorType(Height, Width, Depth)]
        public float[] Motion { get; set; } = new float[Height * Width * Depth];

        [VectorType(Height, Width, 2)]
        public float[] Flow { get; set; } = new float[Height * Width * 2];
    }

    private sealed class Small
    {
        [VectorType(1, 2, Depth)]
        public float[] Motion { get; set; } = [];
    }
}
