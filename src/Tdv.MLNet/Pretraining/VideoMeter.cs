using Tdv.MLNet.Imaging;
using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>What a network makes of frame pairs, with the arithmetic of the training: see <see cref="VideoMetrics"/>.</summary>
/// <param name="network">On its device.</param>
/// <param name="size">Edge of the frames in pixels.</param>
/// <param name="device">Of the network.</param>
/// <param name="untrained">Has looked at the same pairs, a network with random weights; null: this is one itself.</param>
internal sealed class VideoMeter(TdvNetwork network, int size, Device device, VideoMeter? untrained) : IDisposable
{
    /// <summary>Pairs that a call of <see cref="Add"/> is best given.</summary>
    public const int PairsAtOnce = 8;

    private readonly SpreadMeter _spread = new();
    private readonly InformationMeter _predicted = new();
    private readonly InformationMeter _copied = new();
    private double _error;
    private double _copyError;
    private long _values;

    /// <summary>Frame pairs so far.</summary>
    public int Count { get; private set; }

    /// <param name="pixels">Previous frames, then frames: RGB bytes, <c>[2, n, size, size, 3]</c>.</param>
    /// <param name="videos">The video of each pair.</param>
    public void Add(byte[] pixels, IReadOnlyList<string> videos)
    {
        using var gradients = no_grad();
        using var scope = NewDisposeScope();
        int count = videos.Count;
        Count += count;
        var frames = FramePixels.ToTensor(pixels, 2 * count, size, size, device);
        var previous = frames.narrow(0, 0, count);
        var next = frames.narrow(0, count, count);
        var frame = network.FrameEncoder.Forward(previous);
        var target = network.FrameEncoder.Forward(next);
        _spread.Add(target, videos);
        _copied.Add(target, frame);
        // Nobody asks how an untrained motion encoder predicts.
        if (untrained is null)
        {
            return;
        }

        var prediction = HasMotion ? frame.Plus(network.EncodeMotion(next - previous, frame)) : frame;
        _error += nn.functional.mse_loss(prediction, target, nn.Reduction.Sum).Value();
        _copyError += nn.functional.mse_loss(frame, target, nn.Reduction.Sum).Value();
        _values += target.numel();
        _predicted.Add(target, prediction);
    }

    /// <returns>The figures of all pairs so far, at least one.</returns>
    public VideoMetrics Measure()
    {
        var spread = _spread.Measure();
        return new VideoMetrics(
            HasMotion ? Gain.Of(_error / _values, _copyError / _values) : 0,
            spread.EffectiveRank,
            _spread.Deviation(),
            Count
        )
        {
            Spread = spread,
            Untrained = untrained!._spread.Measure(),
            PredictedInformation = _predicted.Measure(),
            CopiedInformation = _copied.Measure(),
            UntrainedInformation = untrained._copied.Measure(),
        };
    }

    public void Dispose()
    {
        _spread.Dispose();
        _predicted.Dispose();
        _copied.Dispose();
    }

    private bool HasMotion => network.MotionEncoder is not null;
}
