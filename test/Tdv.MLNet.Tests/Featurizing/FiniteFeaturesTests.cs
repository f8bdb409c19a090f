using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Tests.Pretraining;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Featurizing;

/// <summary>Features that are not numbers never reach who would take them for the first class.</summary>
public sealed class FiniteFeaturesTests
{
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(TdvEngine.OnnxRuntime, 1)]
    [InlineData(TdvEngine.OnnxRuntime, 2)]
    [InlineData(TdvEngine.TorchSharp, 1)]
    [InlineData(TdvEngine.TorchSharp, 2)]
    public void A_network_that_overflows_is_told_with_row_and_column(TdvEngine engine, int batchSize)
    {
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        using (no_grad())
        {
            // Finite, but their sum is not.
            foreach (var (name, tensor) in model.Network.NamedTensors())
            {
                if (name is "frame_encoder.blocks.0.4.mlp.fc2.bias" or "frame_encoder.blocks.0.5.mlp.fc2.bias")
                {
                    tensor.fill_(3e38f);
                }
            }
        }

        var view = Clips.View(_ml, 3);
        var options = new TdvFeatureOptions { Engine = engine, BatchSize = batchSize };
        var output = _ml.Transforms.TdvFeaturize("Features", "Frame", model, options).Fit(view).Transform(view);
        using var cursor = output.GetRowCursor([output.Schema["Features"]]);
        var get = cursor.GetGetter<VBuffer<float>>(output.Schema["Features"]);
        VBuffer<float> features = default;
        for (int row = 0; row < 3; row++)
        {
            Assert.True(cursor.MoveNext());
            var error = Assert.Throws<InvalidDataException>(() => get(ref features));
            Assert.StartsWith($"Row {row}: 'Features' holds ", error.Message, StringComparison.Ordinal);
            Assert.Contains(" of 12288); finite numbers are expected.", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Whatever_a_mapper_of_ours_computes_is_looked_at(int batchSize)
    {
        var view = _ml.Data.LoadFromEnumerable([new Row { X = 1 }, new Row { X = float.NaN }, new Row { X = 2 }]);
        var output = new BatchedDataView(view, new PairMapper(view.Schema, batchSize));
        using var cursor = output.GetRowCursor([output.Schema["Pair"]]);
        var get = cursor.GetGetter<VBuffer<float>>(output.Schema["Pair"]);
        VBuffer<float> pair = default;
        Assert.True(cursor.MoveNext());
        get(ref pair);
        Assert.Equal([5, 1], pair.DenseValues());
        Assert.True(cursor.MoveNext());
        Assert.Equal(
            "Row 1: 'Pair' holds NaN (number 1 of 2); finite numbers are expected. Look at what computes it: a training that "
                + "has diverged, or damaged weights.",
            Assert.Throws<InvalidDataException>(() => get(ref pair)).Message
        );
        Assert.True(cursor.MoveNext());
        get(ref pair);
        Assert.Equal([5, 2], pair.DenseValues());
    }

    private sealed class Row
    {
        public float X { get; set; }
    }

    private sealed class PairMapper(DataViewSchema schema, int batchSize)
        : BatchMapper(
            schema,
            batchSize,
            new DataViewSchema.DetachedColumn("Pair", new VectorDataViewType(NumberDataViewType.Single, 2))
        )
    {
        public override bool[] Dependencies(bool[] activeOutputs) => [.. InputSchema.Select(_ => true)];

        public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity) =>
            new Kernel(input.GetGetter<float>(InputSchema["X"]), capacity);

        private sealed class Kernel(ValueGetter<float> input, int capacity) : BatchKernel
        {
            private readonly float[] _values = new float[capacity];

            public override void Read(int slot) => input(ref _values[slot]);

            public override void Compute(int count) { }

            public override Delegate CreateGetter(int output, Func<int> slot) =>
                (ValueGetter<VBuffer<float>>)(
                    (ref VBuffer<float> value) => Getters.Copy<float>([5, _values[slot()]], ref value)
                );

            public override void Dispose() { }
        }
    }
}
