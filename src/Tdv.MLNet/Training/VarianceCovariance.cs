using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// The variance and the covariance term of VICReg (arXiv 2105.04906, equations 1 to 4) on tokens that are centered over the
/// batch at each position. The gradient is computed with the loss, in float32 whatever the network multiplies in.
/// </summary>
internal static class VarianceCovariance
{
    /// <summary>Keeps the square root's slope finite, as VICReg has it.</summary>
    private const double Epsilon = 1e-4;

    /// <param name="tokens"><c>[B, N, D]</c>, B at least 2.</param>
    /// <param name="options">The weights.</param>
    /// <param name="scale">Factor of the gradient: 1, or 1 / accumulation.</param>
    /// <returns>
    /// Both unweighted terms, scalars, and <paramref name="scale"/> times the gradient of their weighted sum, as the tokens.
    /// </returns>
    public static (Tensor Variance, Tensor Covariance, Tensor Gradient) Evaluate(
        Tensor tokens,
        TdvRegularization options,
        double scale
    )
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        long dimension = tokens.size(2);
        var centered = (tokens - tokens.mean([0L], keepdim: true)).reshape(-1, dimension);
        double freedom = centered.size(0) - 1;
        var covariance = centered.t().matmul(centered).Divide_(freedom);
        var diagonal = covariance.diagonal();
        var deviation = diagonal.clone().Add_(Epsilon).sqrt_();
        diagonal.zero_();
        var missing = deviation.Times(-1).Add_(1).relu();
        var variance = missing.mean();
        var off = covariance.square().sum().Divide_(dimension);

        // The slope in C of both. What is centered stays so in the product: the means need no gradient of their own.
        covariance.Times_(2 * options.CovarianceWeight / dimension);
        diagonal.Add_(missing.sign().div_(deviation), -0.5 * options.VarianceWeight / dimension);
        var gradient = centered.matmul(covariance).Times_(2 * scale / freedom).view(tokens.shape);
        return (variance.MoveToOuterDisposeScope(), off.MoveToOuterDisposeScope(), gradient.MoveToOuterDisposeScope());
    }
}
