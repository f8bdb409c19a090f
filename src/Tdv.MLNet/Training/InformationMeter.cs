using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// How much a prediction tells of a frame's patches, in bits for each patch: the information that two Gaussians with their
/// covariances share, ½ log₂ det(C + σ²I) / det(E + σ²I). C is the patches' covariance at each position over the frames, so
/// that what a position alone says counts nothing; E is that of the errors, their means included. σ² is
/// <see cref="Noise"/> of the mean variance of a dimension: what varies less counts as noise. Few dimensions that are
/// predicted well tell little, and so do many that are predicted badly.
/// </summary>
internal sealed class InformationMeter : IDisposable
{
    /// <summary>Of a dimension's mean variance: a percent, a deviation of a tenth.</summary>
    public const double Noise = 0.01;

    private Tensor? _products;
    private Tensor? _positions;
    private Tensor? _errors;
    private long _frames;

    /// <summary>Takes in frames.</summary>
    /// <param name="tokens">What is predicted, <c>[n, 1+N, D]</c>; the patches count.</param>
    /// <param name="prediction">The same, as predicted.</param>
    public void Add(Tensor tokens, Tensor prediction)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        long patches = tokens.size(1) - 1;
        var truth = tokens.narrow(1, 1, patches).cpu().to(ScalarType.Float64);
        var error = (truth - prediction.narrow(1, 1, patches).cpu().to(ScalarType.Float64)).flatten(0, 1);
        var flat = truth.flatten(0, 1);
        _products = Sum(_products, flat.t().matmul(flat));
        _errors = Sum(_errors, error.t().matmul(error));
        _positions = Sum(_positions, truth.sum([0L]));
        _frames += truth.size(0);
    }

    /// <returns>Bits; 0 where nothing varies, below 0 where the errors vary more than the patches.</returns>
    public double Measure()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var covariance = _products! - _positions!.t().matmul(_positions).Times_(1.0 / _frames);
        double variance = covariance.trace().Value() / covariance.size(0);
        return variance > EffectiveRank.Negligible * _products!.trace().Value()
            ? (LogDeterminant(covariance, Noise * variance) - LogDeterminant(_errors!, Noise * variance))
                / (2 * Math.Log(2))
            : 0;
    }

    public void Dispose()
    {
        _products?.Dispose();
        _positions?.Dispose();
        _errors?.Dispose();
    }

    private static double LogDeterminant(Tensor symmetric, double noise) =>
        linalg.eigvalsh(symmetric).relu().Add_(noise).log().sum().Value();

    private static Tensor Sum(Tensor? before, Tensor part) =>
        before?.Add_(part) ?? part.clone().DetachFromDisposeScope();
}
