using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// Watches for collapse, every now and then and on a few frames, by forward passes of its own: the training itself
/// cannot tell whether it is watched.
/// </summary>
internal sealed class CollapseMonitor(TrainingState state, DistillationOptions distillation)
{
    /// <summary>Steps from one measurement to the next.</summary>
    public const int Interval = 50;

    /// <summary>Frames that a measurement looks at.</summary>
    public const int Frames = 4;

    /// <summary>Tokens of which the teacher's distribution is computed.</summary>
    private const long TeacherTokens = 128;

    public static bool IsDue(long step) => step % Interval == 0 || step == 1;

    /// <param name="frames">Normalized frames, <c>[n, 3, H, W]</c>.</param>
    public FeatureHealth Measure(long step, Tensor frames)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        var unit = UnitPatches(state.Network.FrameEncoder.Forward(frames));
        return new FeatureHealth((int)step, Deviation(unit), EffectiveRank(unit), TeacherEntropy(frames));
    }

    /// <param name="tokens"><c>[B, 1+N, D]</c></param>
    /// <returns>The patches, each of length 1, <c>[B·N, D]</c>.</returns>
    internal static Tensor UnitPatches(Tensor tokens) =>
        nn.functional.normalize(tokens.narrow(1, 1, tokens.size(1) - 1).flatten(0, 1), p: 2, dim: -1);

    /// <param name="unit">Features of length 1, <c>[n, D]</c>.</param>
    internal static double Deviation(Tensor unit) => unit.std([0L]).mean().Value() * Math.Sqrt(unit.size(1));

    /// <param name="features"><c>[n, D]</c></param>
    internal static double EffectiveRank(Tensor features)
    {
        var centered = features - features.mean([0L]);
        var spectrum = linalg.eigvalsh(centered.t().matmul(centered).cpu().to(ScalarType.Float64)).relu();
        return Math.Exp(Entropy(spectrum.div_(spectrum.sum())).Value());
    }

    private double TeacherEntropy(Tensor frames)
    {
        var tokens = state.TeacherEncoder.Forward(frames).flatten(0, 1);
        long stride = Math.Max(1, tokens.size(0) / TeacherTokens);
        var sample = tokens
            .narrow(0, 0, tokens.size(0) / stride * stride)
            .view(-1, stride, tokens.size(1))
            .select(1, 0);
        var logits = state.TeacherHead.Bottleneck(sample).matmul(state.TeacherHead.Prototypes().t());
        if (distillation.Centering)
        {
            logits.sub_(state.Center.view(1, -1));
        }

        var shares = logits.Divide_(distillation.TeacherTemperature).softmax(-1);
        return Entropy(shares).mean().Value() / Math.Log(shares.size(-1));
    }

    /// <param name="shares"><c>[..., K]</c>, adding up to 1.</param>
    /// <returns><c>[...]</c>, in nats.</returns>
    internal static Tensor Entropy(Tensor shares) => shares.xlogy(shares).sum([-1L]).neg();
}
