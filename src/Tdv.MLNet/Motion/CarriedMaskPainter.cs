using System.Numerics.Tensors;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Motion;

/// <summary>Makes pixels of the classes that cells have. Memory is kept from frame to frame.</summary>
internal sealed class CarriedMaskPainter(int rows, int columns, int classes, PropagationOptions options)
{
    private readonly int _height = rows * options.PatchSize;
    private readonly int _width = columns * options.PatchSize;
    private readonly StretchedAxis _vertical = new(rows * options.PatchSize, rows);
    private readonly StretchedAxis _horizontal = new(columns * options.PatchSize, columns);
    private readonly float[] _cells = new float[rows * columns];
    private readonly float[] _line = new float[columns];
    private readonly float[] _plane = new float[rows * columns * options.PatchSize * options.PatchSize];
    private readonly float[] _best = new float[rows * columns * options.PatchSize * options.PatchSize];
    private readonly float[] _share = new float[rows * columns * options.PatchSize * options.PatchSize];
    private readonly float[] _sum = new float[rows * columns * options.PatchSize * options.PatchSize];
    private readonly uint[] _keys = new uint[rows * columns * options.PatchSize * options.PatchSize];

    /// <param name="frame">Its shares.</param>
    /// <param name="height">Of the mask, in pixels.</param>
    /// <param name="width">Of the mask, in pixels.</param>
    /// <param name="keys"><c>[height, width]</c>, written; 0 where there is no class.</param>
    /// <param name="confidence"><c>[height, width]</c>, written; or empty.</param>
    public void Paint(CarriedFrame frame, int height, int width, Span<uint> keys, Span<float> confidence)
    {
        Array.Fill(_best, -1);
        Array.Clear(_keys);
        Array.Clear(_share);
        Array.Clear(_sum);
        for (int i = 0; i < classes; i++)
        {
            if (TakeClass(frame, i))
            {
                Interpolate();
                Decide((uint)i + 1);
            }
        }

        for (int y = 0; y < height; y++)
        {
            int line = CarriedFrame.Middle(y, height, _height) * _width;
            for (int x = 0; x < width; x++)
            {
                int from = line + CarriedFrame.Middle(x, width, _width);
                keys[(y * width) + x] = _keys[from];
                if (confidence.Length > 0)
                {
                    confidence[(y * width) + x] = _keys[from] == 0 ? 0 : Math.Min(1, _share[from] / _sum[from]);
                }
            }
        }
    }

    /// <returns>Whether the class occurs.</returns>
    private bool TakeClass(CarriedFrame frame, int index)
    {
        bool occurs = false;
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            _cells[cell] = frame.Shares[(cell * classes) + index];
            occurs |= _cells[cell] > 0;
        }

        return occurs;
    }

    private void Interpolate()
    {
        for (int y = 0; y < _height; y++)
        {
            var upper = _cells.AsSpan(_vertical.Lower[y] * columns, columns);
            var lower = _cells.AsSpan(_vertical.Upper[y] * columns, columns);
            TensorPrimitives.Lerp(upper, lower, _vertical.Fraction[y], _line);
            _horizontal.Apply(_line, _plane.AsSpan(y * _width, _width));
        }
    }

    private void Decide(uint key)
    {
        float least = TensorPrimitives.Min<float>(_plane);
        float range = TensorPrimitives.Max<float>(_plane) - least;
        bool stretch = options.Decision == MaskDecision.Stretched && range > 0;
        var (offset, scale) = stretch ? (least, 1 / range) : (0, 1);
        for (int i = 0; i < _plane.Length; i++)
        {
            float share = _plane[i];
            _sum[i] += share;
            float value = (share - offset) * scale;
            if (share > 0 && value > _best[i])
            {
                (_best[i], _keys[i], _share[i]) = (value, key, share);
            }
        }
    }
}
