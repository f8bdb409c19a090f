using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// Watches for collapse, every now and then and on a few frames, by forward passes of its own: the training itself
/// cannot tell whether it is watched. Keeps a copy of the frame encoder as it was in the beginning, which sees the same
/// frames: how far features spread depends on the frames as much as on the network.
/// </summary>
/// <param name="state">Before the first step, also of a training that goes on: its checkpoint is restored afterwards.</param>
/// <param name="distillation">Of the training.</param>
internal sealed class CollapseMonitor(TrainingState state, DistillationOptions distillation) : IDisposable
{
    private readonly VisionTransformer _untrained = state.CloneFrameEncoder();

    /// <summary>Steps from one measurement to the next.</summary>
    public const int Interval = 50;

    /// <summary>Frame pairs that a measurement looks at.</summary>
    public const int Pairs = 8;

    /// <summary>Tokens of which the teacher's distribution is computed.</summary>
    private const long TeacherTokens = 128;

    public static bool IsDue(long step) => step % Interval == 0 || step == 1;

    /// <param name="step">Steps done.</param>
    /// <param name="frames">Normalized pairs, all previous frames, then all frames: <c>[2·n, 3, H, W]</c>.</param>
    public FeatureHealth Measure(long step, Tensor frames)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        using var meter = Look(state.Network.FrameEncoder, frames);
        using var untrained = Look(_untrained, frames);
        var spread = meter.Measure();
        var previous = frames.narrow(0, 0, frames.size(0) / 2);
        return new FeatureHealth((int)step, meter.Deviation(), spread.EffectiveRank, TeacherEntropy(previous))
        {
            Spread = spread,
            Untrained = untrained.Measure(),
        };
    }

    public void Dispose() => _untrained.Dispose();

    /// <summary>Each pair counts as a video.</summary>
    private static SpreadMeter Look(VisionTransformer encoder, Tensor frames)
    {
        int pairs = (int)frames.size(0) / 2;
        var meter = new SpreadMeter();
        meter.Add(
            encoder.Forward(frames),
            [.. Enumerable.Range(0, 2 * pairs).Select(i => FormattableString.Invariant($"{i % pairs}"))]
        );
        return meter;
    }

    /// <summary>Standard deviation in the mean over the dimensions, relative to 1/√D.</summary>
    /// <param name="unit">Features of length 1, <c>[n, D]</c>.</param>
    internal static double Deviation(Tensor unit) => unit.std([0L]).mean().Value() * Math.Sqrt(unit.size(1));

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
