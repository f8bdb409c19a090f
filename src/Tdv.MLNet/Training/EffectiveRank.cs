using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// Dimensions in use: the exponential of the entropy of a covariance's eigenvalues (Roy and Vetterli 2007); 0 where nothing
/// varies.
/// </summary>
internal static class EffectiveRank
{
    /// <summary>Of the features' own size, squared; less is noise of the arithmetic.</summary>
    public const double Negligible = 1e-12;

    /// <param name="features"><c>[n, D]</c>; they are centered here.</param>
    public static double Of(Tensor features)
    {
        using var scope = NewDisposeScope();
        var values = features.cpu().to(ScalarType.Float64);
        var centered = values - values.mean([0L]);
        // Both products have the same eigenvalues, beside zeros.
        var products =
            centered.size(0) < centered.size(1) ? centered.matmul(centered.t()) : centered.t().matmul(centered);
        return OfCovariance(products, values.square().sum().Value());
    }

    /// <param name="covariance"><c>[D, D]</c> in float64, whatever its factor.</param>
    /// <param name="size">The sum of the squares of what it is of, before it was centered, with the same factor.</param>
    public static double OfCovariance(Tensor covariance, double size)
    {
        using var scope = NewDisposeScope();
        var spectrum = linalg.eigvalsh(covariance).relu();
        double sum = spectrum.sum().Value();
        return sum > Negligible * size ? Math.Exp(CollapseMonitor.Entropy(spectrum.Divide_(sum)).Value()) : 0;
    }
}
