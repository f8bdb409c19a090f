using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>Measures <see cref="FeatureSpread"/> from sums, so that the features need not be kept.</summary>
internal sealed class SpreadMeter : IDisposable
{
    private readonly Dictionary<string, (Tensor Sum, long Frames)> _videos = [];
    private Tensor? _products;
    private Tensor? _positions;
    private double _framesSquared;
    private double _ranks;
    private long _frames;

    /// <summary>Takes in frames.</summary>
    /// <param name="tokens"><c>[n, 1+N, D]</c>; the patches count, each at length 1.</param>
    /// <param name="videos">The video of each frame.</param>
    public void Add(Tensor tokens, IReadOnlyList<string> videos)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var patches = nn
            .functional.normalize(tokens.narrow(1, 1, tokens.size(1) - 1), p: 2, dim: -1)
            .cpu()
            .to(ScalarType.Float64);
        var flat = patches.flatten(0, 1);
        var means = patches.mean([1L]);
        _products = Sum(_products, flat.t().matmul(flat));
        _positions = Sum(_positions, patches.sum([0L]));
        _framesSquared += means.square().sum().Value();
        for (int i = 0; i < videos.Count; i++)
        {
            _frames++;
            _ranks += EffectiveRank.Of(patches[i]);
            var (sum, frames) = _videos.GetValueOrDefault(videos[i]);
            _videos[videos[i]] = (Sum(sum, means[i]), frames + 1);
        }
    }

    /// <returns>The figures of all frames so far, at least one.</returns>
    public FeatureSpread Measure()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        double positions = _positions!.size(0);
        var mean = Mean();
        double meanSquared = mean.dot(mean).Value();
        double size = _products!.trace().Value();
        // Each part is a sum of squares over all tokens, divided by their number.
        double total = (size / Tokens) - meanSquared;
        double position = (_positions.square().sum().Value() / positions / _frames / _frames) - meanSquared;
        double frame = (_framesSquared / _frames) - meanSquared;
        double video = (_videos.Values.Sum(v => v.Sum.dot(v.Sum).Value() / v.Frames) / _frames) - meanSquared;
        return new FeatureSpread(
            EffectiveRank.OfCovariance(Covariance(), size),
            _ranks / _frames,
            EffectiveRank.Of(stack(_videos.Values.Select(v => v.Sum.Times(1.0 / v.Frames)))),
            Share(position),
            Share(video),
            Share(frame - video),
            Share(total - position - frame)
        );

        // What is below 0 is so by rounding alone.
        double Share(double part) => total > EffectiveRank.Negligible ? Math.Max(0, part) / total : 0;
    }

    /// <returns>
    /// The standard deviation of all patches, in the mean over the dimensions and relative to 1/√D; not a number for one
    /// patch alone.
    /// </returns>
    public double Deviation()
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var variances = Covariance().diagonal().relu().Divide_(Tokens - 1);
        return variances.sqrt_().mean().Value() * Math.Sqrt(variances.size(0));
    }

    public void Dispose()
    {
        _products?.Dispose();
        _positions?.Dispose();
        foreach (var (sum, _) in _videos.Values)
        {
            sum.Dispose();
        }
    }

    private double Tokens => (double)_positions!.size(0) * _frames;

    private Tensor Mean() => _positions!.sum([0L]).Divide_(Tokens);

    /// <summary>Of all patches, not divided by their number, <c>[D, D]</c>.</summary>
    private Tensor Covariance()
    {
        var mean = Mean().view(-1, 1);
        return _products! - mean.matmul(mean.t()).Times_(Tokens);
    }

    private static Tensor Sum(Tensor? before, Tensor part) =>
        before?.Add_(part) ?? part.clone().DetachFromDisposeScope();
}
