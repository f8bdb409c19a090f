namespace Tdv.MLNet.Motion;

/// <summary>What a head needs to know of its rows before it learns: how many, and how large their numbers are.</summary>
internal sealed class FlowStatistics(int inputs)
{
    /// <summary>A feature that varies less than this part of its size is a constant.</summary>
    private const double LeastVariance = 1e-10;
    private readonly double[] _sums = new double[inputs];
    private readonly double[] _squares = new double[inputs];
    private float[]? _origin;
    private double _lengths;
    private long _cells;

    /// <summary>Features of a cell.</summary>
    public int Inputs => inputs;

    public int Rows { get; private set; }

    /// <summary>Cells whose flow is known.</summary>
    public long Known { get; private set; }

    public bool AreFinite => Array.TrueForAll(_squares, double.IsFinite);

    /// <summary>The mean length of a known flow, in pixels; 1 where nothing moves.</summary>
    public float Length => _lengths > 0 ? (float)(_lengths / Known) : 1;

    public float[] Means => [.. _sums.Select((sum, i) => (float)(_origin![i] + (sum / _cells)))];

    /// <summary>1 over the deviation; 0 for a constant.</summary>
    public float[] Scales =>
        [
            .. _sums.Select(
                (sum, i) =>
                {
                    double mean = sum / _cells;
                    double variance = (_squares[i] / _cells) - (mean * mean);
                    double size = Math.Abs(mean + _origin![i]) + 1e-6;
                    return variance > LeastVariance * size * size ? (float)(1 / Math.Sqrt(variance)) : 0;
                }
            ),
        ];

    public void Add(FlowRow row)
    {
        Rows++;
        _origin ??= row.Cells[..inputs];
        for (int i = 0; i < row.Cells.Length; i++)
        {
            // Less the first cell's: squares of what varies little around a large number would be lost to rounding.
            double number = row.Cells[i] - _origin[i % inputs];
            _sums[i % inputs] += number;
            _squares[i % inputs] += number * number;
        }

        _cells += row.Cells.Length / inputs;
        for (int cell = 0; cell < row.Flow.Length / 2; cell++)
        {
            if (row.IsKnown(cell))
            {
                Known++;
                _lengths += double.Hypot(row.Flow[2 * cell], row.Flow[(2 * cell) + 1]);
            }
        }
    }
}
