using Microsoft.ML.Data;

namespace Tdv.Tool.Pipeline;

/// <summary>A picture and its mask, as a model gives them.</summary>
/// <param name="Time">In seconds; of a video's frame.</param>
/// <param name="Image">The picture.</param>
/// <param name="Keys">Dense, row-major, as large as the picture.</param>
internal sealed record PaintedFrame(float Time, MLImage Image, VBuffer<uint> Keys) : IDisposable
{
    public void Dispose() => Image.Dispose();
}
