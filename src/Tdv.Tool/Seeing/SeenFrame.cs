using Microsoft.ML.Data;

namespace Tdv.Tool.Seeing;

/// <summary>A frame, and what a network makes of it.</summary>
/// <param name="Time">Seconds since the video's first frame.</param>
/// <param name="Image">The frame.</param>
/// <param name="Features">Of the last layer, <c>[cells × D]</c>.</param>
/// <param name="Attention">Of CLS in the last layer, <c>[heads × cells]</c>.</param>
/// <param name="Motion">Encoded since the frame before, <c>[cells × D]</c>; empty without a motion encoder.</param>
/// <param name="Before">Features of the frame before; empty without a motion encoder.</param>
internal sealed record SeenFrame(
    float Time,
    MLImage Image,
    float[] Features,
    float[] Attention,
    float[] Motion,
    float[] Before
) : IDisposable
{
    public void Dispose() => Image.Dispose();
}
