namespace Tdv.MLNet.Imaging;

/// <summary>
/// The triangle filter of one axis as Pillow computes it: for each target position the first source position, how many
/// source positions count, and their weights in 22-bit fixed point (Pillow's <c>Resample.c</c>).
/// </summary>
internal sealed class ResizeCoefficients
{
    public const int FractionBits = 22;

    private readonly int[] _weights;
    private readonly int[] _starts;
    private readonly int[] _counts;
    private readonly int _stride;

    public ResizeCoefficients(int sourceSize, int targetSize)
    {
        double scale = (double)sourceSize / targetSize;
        double support = Math.Max(scale, 1.0);
        _stride = ((int)Math.Ceiling(support) * 2) + 1;
        _weights = new int[targetSize * _stride];
        _starts = new int[targetSize];
        _counts = new int[targetSize];
        for (int i = 0; i < targetSize; i++)
        {
            double center = (i + 0.5) * scale;
            int start = Math.Max((int)(center - support + 0.5), 0);
            int count = Math.Min((int)(center + support + 0.5), sourceSize) - start;
            Fill(_weights.AsSpan(i * _stride, count), start - center + 0.5, 1.0 / support);
            _starts[i] = start;
            _counts[i] = count;
        }
    }

    public int Start(int target) => _starts[target];

    public ReadOnlySpan<int> Weights(int target) => _weights.AsSpan(target * _stride, _counts[target]);

    /// <summary>A triangle whose entries sum to 1, in fixed point.</summary>
    private static void Fill(Span<int> weights, double firstOffset, double inverseSupport)
    {
        Span<double> triangle = new double[weights.Length];
        double sum = 0;
        for (int x = 0; x < triangle.Length; x++)
        {
            triangle[x] = Math.Max(1.0 - Math.Abs((x + firstOffset) * inverseSupport), 0.0);
            sum += triangle[x];
        }

        for (int x = 0; x < triangle.Length; x++)
        {
            weights[x] = (int)(0.5 + (triangle[x] / sum * (1 << FractionBits)));
        }
    }
}
