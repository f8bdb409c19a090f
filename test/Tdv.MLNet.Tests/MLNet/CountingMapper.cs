using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.Tests.MLNet;

/// <summary>Doubles column "X" into column "Twice" and counts its work.</summary>
internal sealed class CountingMapper(DataViewSchema schema, int batchSize)
    : BatchMapper(schema, batchSize, new DataViewSchema.DetachedColumn("Twice", NumberDataViewType.Single))
{
    public int Kernels { get; private set; }

    public int Reads { get; private set; }

    public List<int> Computed { get; } = [];

    public override bool[] Dependencies(bool[] activeOutputs) =>
        InputSchema.Select(column => column.Name == "X").ToArray();

    public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity)
    {
        Kernels++;
        return new Kernel(this, input.GetGetter<float>(InputSchema["X"]), capacity);
    }

    private sealed class Kernel(CountingMapper owner, ValueGetter<float> input, int capacity) : BatchKernel
    {
        private readonly float[] _values = new float[capacity];

        public override void Read(int slot)
        {
            owner.Reads++;
            input(ref _values[slot]);
        }

        public override void Compute(int count)
        {
            owner.Computed.Add(count);
            for (var i = 0; i < count; i++)
            {
                _values[i] *= 2;
            }
        }

        public override Delegate CreateGetter(int output, Func<int> slot) =>
            (ValueGetter<float>)((ref float value) => value = _values[slot()]);

        public override void Dispose() { }
    }
}
