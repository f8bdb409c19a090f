using Tdv.MLNet.Torch;
using Tdv.MLNet.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

public sealed class FloatReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public FloatReaderTests() => LibTorchLoader.EnsureAvailable();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_becomes_the_numbers_that_TorchSharp_makes_of_it(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var values = tensor(new[] { 0f, 1.7f, 2.3f, 100.1f, 3e-5f, 77f }, 2, 3).to_type(type);
        TensorFiles.WriteCheckpoint(_path, [("a", values), ("empty", zeros(0, 3, dtype: type))]);

        using var file = WeightsFile.Open(_path);

        Assert.Equal(values.to_type(ScalarType.Float32).data<float>(), file.ReadFloats("a"));
        Assert.Empty(file.ReadFloats("empty"));
    }

    [Fact]
    public unsafe void A_tensor_that_is_a_view_is_read_in_its_own_order()
    {
        float[] storage = [.. Enumerable.Range(0, 24).Select(i => (float)i)];
        using var scope = NewDisposeScope();
        var view = tensor(storage).as_strided([2, 3, 2], [1, 4, 0], 0);
        var stored = new StoredTensor("a", ScalarType.Float32, [2, 3, 2], [1, 4, 0], 0, 10 * sizeof(float));

        fixed (float* source = storage)
        {
            Assert.Equal(view.contiguous().data<float>(), FloatReader.Read((byte*)source, stored));
        }
    }
}
