using System.Numerics.Tensors;

namespace Tdv.MLNet.Motion;

/// <summary>A frame's features, those of each cell made of length 1, so that products are cosines. Memory is kept from frame to frame.</summary>
internal sealed class FeatureGrid(int rows, int columns, int depth)
{
    private const float LeastLength = 1e-12f;

    public int Rows => rows;

    public int Columns => columns;

    public int Depth => depth;

    public int Cells => rows * columns;

    /// <summary><c>[rows, columns, depth]</c>, row-major.</summary>
    public float[] Unit { get; } = new float[rows * columns * depth];

    public ReadOnlySpan<float> this[int cell] => Unit.AsSpan(cell * depth, depth);

    /// <param name="features"><c>[rows, columns, depth]</c>.</param>
    public void Set(ReadOnlySpan<float> features)
    {
        for (int at = 0; at < Unit.Length; at += depth)
        {
            var cell = features.Slice(at, depth);
            TensorPrimitives.Divide(cell, Math.Max(TensorPrimitives.Norm(cell), LeastLength), Unit.AsSpan(at, depth));
        }
    }
}
