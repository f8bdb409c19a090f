using System.Numerics.Tensors;

namespace Tdv.MLNet.Featurizing;

/// <summary>Means and maxima over a clip, frame by frame.</summary>
/// <param name="parts">What is kept.</param>
/// <param name="dimension">D.</param>
internal sealed class ClipSummary(TdvSummaryParts parts, int dimension)
{
    private readonly double[] _motion = new double[dimension];
    private readonly double[] _size = new double[dimension];
    private readonly double[] _cls = new double[dimension];
    private readonly float[] _maxMotion = new float[dimension];
    private readonly float[] _maxCls = new float[dimension];
    private long _cells;
    private long _frames;

    public bool IsEmpty => _frames == 0 && _cells == 0;

    public void Clear()
    {
        Array.ForEach([_motion, _size, _cls], Array.Clear);
        Array.Fill(_maxMotion, float.NegativeInfinity);
        Array.Fill(_maxCls, float.NegativeInfinity);
        (_cells, _frames) = (0, 0);
    }

    /// <param name="motion"><c>[cells, D]</c>.</param>
    public void AddMotion(ReadOnlySpan<float> motion)
    {
        for (int at = 0; at < motion.Length; at += dimension, _cells++)
        {
            var cell = motion.Slice(at, dimension);
            TensorPrimitives.Max(_maxMotion, cell, _maxMotion);
            for (int i = 0; i < dimension; i++)
            {
                _motion[i] += cell[i];
                _size[i] += Math.Abs(cell[i]);
            }
        }
    }

    /// <param name="cls"><c>[D]</c>.</param>
    public void AddCls(ReadOnlySpan<float> cls)
    {
        TensorPrimitives.Max(_maxCls, cls, _maxCls);
        for (int i = 0; i < dimension; i++)
        {
            _cls[i] += cls[i];
        }

        _frames++;
    }

    /// <param name="vector"><c>[parts, D]</c>, written.</param>
    public void Write(Span<float> vector)
    {
        int at = 0;
        Put(TdvSummaryParts.MeanMotion, i => (float)(_motion[i] / _cells), vector);
        Put(TdvSummaryParts.MaxMotion, i => _maxMotion[i], vector);
        Put(TdvSummaryParts.MeanMotionSize, i => (float)(_size[i] / _cells), vector);
        Put(TdvSummaryParts.MeanCls, i => (float)(_cls[i] / _frames), vector);
        Put(TdvSummaryParts.MaxCls, i => _maxCls[i], vector);

        void Put(TdvSummaryParts part, Func<int, float> value, Span<float> target)
        {
            for (int i = 0; (parts & part) != 0 && i < dimension; i++)
            {
                target[at++] = value(i);
            }
        }
    }
}
