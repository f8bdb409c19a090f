using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>Representations of pairs of frames, each <c>[n, 1+N, D]</c>.</summary>
/// <param name="Frame">This frame, as the student sees it.</param>
/// <param name="Target">The next frame, as the teacher sees it.</param>
/// <param name="Next">The next frame, as the student predicts it.</param>
internal sealed record Prediction(Tensor Frame, Tensor Target, Tensor Next)
{
    /// <summary>This frame's patches, <c>[n, N, D]</c>.</summary>
    public Tensor FramePatches => Frame.narrow(1, 1, Frame.size(1) - 1);

    /// <summary>One pass through both encoders, whatever the gradients are of.</summary>
    /// <param name="next">With respect to <see cref="Next"/>.</param>
    /// <param name="framePatches">With respect to <see cref="FramePatches"/>; null: none.</param>
    public void Backward(Tensor next, Tensor? framePatches)
    {
        if (framePatches is null)
        {
            Next.backward([next]);
        }
        else
        {
            autograd.backward([Next, FramePatches], [next, framePatches]);
        }
    }
}
