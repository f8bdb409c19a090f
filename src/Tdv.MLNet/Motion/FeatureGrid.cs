using System.Numerics.Tensors;

namespace Tdv.MLNet.Motion;

/// <summary>A frame's features, those of each cell made of length 1, so that products are cosines. Memory is kept from frame to frame.</summary>
internal sealed class FeatureGrid(int rows, int columns, int depth)
{
    private const float LeastLength = 1e-12f;
    private readonly float[] _lines = new float[rows * depth * (columns + LinePadding)];

    /// <summary>Numbers behind a line that may be read, though they mean nothing: two vectors.</summary>
    public static int LinePadding => 2 * (WideLanes.IsSupported ? WideLanes.Count : Lanes.Count);

    public int Rows => rows;

    public int Columns => columns;

    public int Depth => depth;

    public int Cells => rows * columns;

    /// <summary><c>[rows, columns, depth]</c>, row-major.</summary>
    public float[] Unit { get; } = new float[rows * columns * depth];

    /// <summary>From a feature's first number in a <see cref="Line"/> to the next feature's.</summary>
    public int Stride => columns + LinePadding;

    /// <summary>A row of cells feature by feature, <c>[depth, Stride]</c>: neighboring cells beside one another.</summary>
    public ReadOnlySpan<float> Line(int row) => _lines.AsSpan(row * depth * Stride, depth * Stride);

    public ReadOnlySpan<float> this[int cell] => Unit.AsSpan(cell * depth, depth);

    /// <param name="features"><c>[rows, columns, depth]</c>.</param>
    public void Set(ReadOnlySpan<float> features)
    {
        for (int at = 0; at < Unit.Length; at += depth)
        {
            var cell = features.Slice(at, depth);
            TensorPrimitives.Divide(cell, Math.Max(TensorPrimitives.Norm(cell), LeastLength), Unit.AsSpan(at, depth));
        }

        for (int cell = 0; cell < Cells; cell++)
        {
            var (row, column) = Math.DivRem(cell, columns);
            var line = _lines.AsSpan((row * depth * Stride) + column);
            var numbers = this[cell];
            for (int i = 0; i < numbers.Length; i++)
            {
                line[i * Stride] = numbers[i];
            }
        }
    }

    /// <summary>Becomes a copy of a grid of the same size.</summary>
    public void CopyFrom(FeatureGrid other)
    {
        other.Unit.CopyTo(Unit, 0);
        other._lines.CopyTo(_lines, 0);
    }
}
