using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Training;

public sealed class VarianceCovarianceTests
{
    public VarianceCovarianceTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void Values_are_those_computed_by_hand()
    {
        // Two frames, two positions, two dimensions. Centered over the frames: (±0.5, ±1) at the first position, (±0.5, ±2) at
        // the second; what differs between the positions has gone. With 3 degrees of freedom the variances are 1/3 and
        // 10/3, the covariance is (2·0.5 + 2·1)/3 = 1.
        var tokens = tensor(new float[] { 10, 20, 30, 40, 11, 22, 31, 44 }).view(2, 2, 2);

        var (variance, covariance, _) = VarianceCovariance.Evaluate(tokens, new TdvRegularization(), scale: 1);

        Assert.Equal((1 - Math.Sqrt((1 / 3.0) + 1e-4)) / 2, variance.Value(), 1e-6);
        Assert.Equal(2 * 1.0 / 2, covariance.Value(), 1e-6);
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(0.3, 2, 0.5, 1)]
    // Everything spread widely: the variance term is at rest.
    [InlineData(1, 0, 1, 40)]
    public void The_gradient_is_that_of_autograd(double variance, double covariance, double scale, double spread)
    {
        var options = new TdvRegularization { VarianceWeight = variance, CovarianceWeight = covariance };
        using var generator = new Generator(1);
        // Some dimensions spread more than a deviation of 1, others less, and none is independent of the others.
        var mixing = randn([5, 5], generator: generator);
        var tokens = randn([3, 4, 5], generator: generator).matmul(mixing).mul(spread).requires_grad_(true);

        var (loss, gradient) = Plainly(tokens, options);
        loss.mul(scale).backward();
        var computed = VarianceCovariance.Evaluate(tokens.detach(), options, scale);

        Assert.Equal(
            loss.Value(),
            (variance * computed.Variance.Value()) + (covariance * computed.Covariance.Value()),
            1e-5 * Math.Max(1, loss.Value())
        );
        Assert.True(computed.Gradient.allclose(gradient(), 1e-4, 1e-6));
        Assert.Equal(spread > 1, computed.Gradient.eq(0).all().ToBoolean());
    }

    [Fact]
    public void The_gradient_is_the_slope()
    {
        using var generator = new Generator(2);
        var tokens = randn([2, 3, 4], float64, generator: generator).mul(0.5);
        var options = new TdvRegularization();
        var (_, _, gradient) = VarianceCovariance.Evaluate(tokens, options, scale: 1);
        const double Small = 1e-5;
        for (long i = 0; i < tokens.numel(); i++)
        {
            double slope = (At(i, Small) - At(i, -Small)) / (2 * Small);
            Assert.Equal(slope, gradient.view(-1)[i].Value(), 1e-7);
        }

        double At(long index, double change)
        {
            var moved = tokens.clone();
            moved.view(-1)[index].add_(change);
            var (variance, covariance, _) = VarianceCovariance.Evaluate(moved, options, scale: 1);
            return variance.Value() + covariance.Value();
        }
    }

    [Fact]
    public void Stays_in_float32_where_products_are_in_bfloat16()
    {
        using var generator = new Generator(3);
        var tokens = randn([2, 3, 4], generator: generator);
        var plain = VarianceCovariance.Evaluate(tokens, new TdvRegularization(), scale: 1);

        using var precision = MixedPrecision.Use(true);
        var mixed = VarianceCovariance.Evaluate(tokens, new TdvRegularization(), scale: 1);

        Assert.Equal(ScalarType.Float32, mixed.Gradient.dtype);
        Assert.True(mixed.Gradient.eq(plain.Gradient).all().ToBoolean());
    }

    /// <summary>As the formula is written, for autograd.</summary>
    private static (Tensor Loss, Func<Tensor> Gradient) Plainly(Tensor tokens, TdvRegularization options)
    {
        var centered = (tokens - tokens.mean([0L], true)).reshape(-1, tokens.size(2));
        var covariance = centered.t().matmul(centered) / (centered.size(0) - 1);
        var variance = covariance.diag();
        var off = (covariance.square().sum() - variance.square().sum()) / tokens.size(2);
        var missing = (1 - (variance + 1e-4).sqrt()).relu().mean();
        return ((options.VarianceWeight * missing) + (options.CovarianceWeight * off), () => tokens.grad!);
    }
}
