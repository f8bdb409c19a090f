using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using Tdv.Tool.Pipeline;
using static TorchSharp.torch;

namespace Tdv.Studies.Dino;

/// <summary>Whole frames of unseen videos, by which the studies judge what is made of whole frames.</summary>
internal sealed class UnseenFrames(MLContext ml, IDataView pairs)
{
    /// <summary>Frames that are looked at, mixed from all videos.</summary>
    public const int Count = 64;

    /// <summary>Where networks run.</summary>
    public Device Device { get; } = Devices.Choose(MLNetInternals.Environment(ml.Transforms).Register("DINO"));

    /// <param name="size">Height and width in pixels.</param>
    /// <returns>Normalized for the network, <c>[n, 3, size, size]</c>; n: <see cref="Count"/>, or as many as there are.</returns>
    public Tensor Load(int size)
    {
        var decoder = new PairDecoder(pairs, Columns.Frame, Columns.PreviousFrame, size);
        // The order mixes the videos.
        byte[][] read = [.. decoder.Read(seed: 0).Take(Count)];
        using var scope = NewDisposeScope();
        return FramePixels
            .ToTensor(PairSource.Join(read), 2 * read.Length, size, size, Device)
            .narrow(0, read.Length, read.Length)
            .MoveToOuterDisposeScope();
    }

    /// <summary>How much the CLS vectors of the frames differ, as patches do: 1 where they point everywhere, 0 in a collapse.</summary>
    public double ClsDeviation(TdvModel model)
    {
        using var use = model.Use();
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var cls = model.On(Device).FrameEncoder.Forward(Load(model.ImageSize)).select(1, 0);
        return CollapseMonitor.Deviation(nn.functional.normalize(cls, p: 2, dim: -1));
    }
}
