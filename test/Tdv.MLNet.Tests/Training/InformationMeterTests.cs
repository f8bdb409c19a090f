using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

public sealed class InformationMeterTests
{
    private static readonly float[] First = [1, -1, 1, -1];
    private static readonly float[] Second = [2, 2, -2, -2];

    public InformationMeterTests() => LibTorchLoader.EnsureAvailable();

    /// <summary>
    /// Two dimensions that do not vary together, sums of squares 4 and 16, errors 4 · 0.5² and 0; a hundredth of the mean is 0.1.
    /// </summary>
    [Fact]
    public void It_is_what_two_Gaussians_share()
    {
        var tokens = Tokens((first, second) => (first, second));
        var prediction = Tokens((first, second) => (first + 0.5f, second));

        Assert.Equal(Math.Log2(4.1 / 1.1 * (16.1 / 0.1)) / 2, Bits(tokens, prediction), 1e-6);
        Assert.Equal(Math.Log2(4.1 / 0.1 * (16.1 / 0.1)) / 2, Bits(tokens, tokens), 1e-6);
        Assert.Equal(0, Bits(tokens, zeros_like(tokens)), 1e-6);
        Assert.Equal(-Math.Log2(16.1 * 64.1 / (4.1 * 16.1)) / 2, Bits(tokens, -tokens), 1e-6);
    }

    [Fact]
    public void Frames_come_in_parts_and_what_a_position_says_counts_nothing()
    {
        var tokens = Tokens((first, second) => (first, second));
        var prediction = Tokens((first, second) => (first + 0.5f, second));
        double expected = Bits(tokens, prediction);
        var position = tensor(new float[] { 0, 0, 3, -7 }).view(1, 2, 2);
        using var meter = new InformationMeter();
        for (int frame = 0; frame < 4; frame += 2)
        {
            meter.Add(tokens.narrow(0, frame, 2) + position, prediction.narrow(0, frame, 2) + position);
        }

        Assert.Equal(expected, meter.Measure(), 1e-6);
    }

    [Fact]
    public void Where_nothing_varies_nothing_is_told() => Assert.Equal(0, Bits(ones(3, 2, 4), zeros(3, 2, 4)));

    /// <summary>A CLS token that does not count, and a patch.</summary>
    private static Tensor Tokens(Func<float, float, (float, float)> patch) =>
        tensor(First.Zip(Second, patch).SelectMany((p, i) => new[] { 50f * i, 9, p.Item1, p.Item2 }).ToArray())
            .view(4, 2, 2);

    private static double Bits(Tensor tokens, Tensor prediction)
    {
        using var meter = new InformationMeter();
        meter.Add(tokens, prediction);
        return meter.Measure();
    }
}
