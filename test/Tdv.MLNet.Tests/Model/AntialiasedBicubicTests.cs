using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Model;

public sealed class AntialiasedBicubicTests
{
    // PyTorch: interpolate(arange(16.).view(1, 1, 4, 4) ** 1.5, size, mode="bicubic", antialias=True)
    public static TheoryData<int, int, float[]> Sizes =>
        new()
        {
            { 3, 2, [2.01753f, 5.89146f, 17.17305f, 24.65147f, 40.74357f, 50.51988f] },
            {
                2,
                7,
                [
                    4.65698f,
                    5.40594f,
                    6.89158f,
                    8.41919f,
                    10.11119f,
                    12.22699f,
                    13.34417f,
                    30.02491f,
                    31.65766f,
                    34.81601f,
                    37.65957f,
                    40.57758f,
                    44.02129f,
                    45.82078f,
                ]
            },
        };

    public AntialiasedBicubicTests() => LibTorchLoader.EnsureAvailable();

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Smaller_and_larger_it_is_what_Python_computes(int rows, int columns, float[] expected)
    {
        using var scope = NewDisposeScope();
        var grid = arange(16, float32).view(1, 1, 4, 4).pow(1.5);

        var resized = AntialiasedBicubic.Resize(grid, rows, columns);

        Assert.Equal([1, 1, rows, columns], resized.shape);
        Assert.All(
            expected.Zip(resized.data<float>()),
            pair => Assert.Equal(pair.First, pair.Second, tolerance: 2e-5f)
        );
    }
}
