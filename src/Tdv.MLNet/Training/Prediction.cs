using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>Representations of pairs of frames, each <c>[n, 1+N, D]</c>.</summary>
/// <param name="Frame">This frame, as the student sees it.</param>
/// <param name="Target">The next frame, as the teacher sees it.</param>
/// <param name="Next">The next frame, as the student predicts it.</param>
internal sealed record Prediction(Tensor Frame, Tensor Target, Tensor Next);
