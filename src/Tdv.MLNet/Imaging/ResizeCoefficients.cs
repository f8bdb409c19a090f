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
        Span<double> triangle = new double[_stride];
        for (int i = 0; i < targetSize; i++)
        {
            double center = (i + 0.5) * scale;
            int start = Math.Max((int)(center - support + 0.5), 0);
            int count = Math.Min((int)(center + support + 0.5), sourceSize) - start;
            FillTriangle(triangle[..count], start - center + 0.5, 1.0 / support);
            Quantize(triangle[..count], _weights.AsSpan(i * _stride, count));
            _starts[i] = start;
            _counts[i] = count;
        }
    }

    public int Start(int target) => _starts[target];

    public ReadOnlySpan<int> Weights(int target) => _weights.AsSpan(target * _stride, _counts[target]);

    private static void FillTriangle(Span<double> triangle, double firstOffset, double inverseSupport)
    {
        double sum = 0;
        for (int x = 0; x < triangle.Length; x++)
        {
            double weight = Math.Max(1.0 - Math.Abs((x + firstOffset) * inverseSupport), 0.0);
            triangle[x] = weight;
            sum += weight;
        }
        for (int x = 0; x < triangle.Length; x++)
        {
            triangle[x] /= sum;
        }
    }

    private static void Quantize(ReadOnlySpan<double> weights, Span<int> fixedPoint)
    {
        for (int x = 0; x < weights.Length; x++)
        {
            fixedPoint[x] = (int)(0.5 + (weights[x] * (1 << FractionBits)));
        }
    }
}
