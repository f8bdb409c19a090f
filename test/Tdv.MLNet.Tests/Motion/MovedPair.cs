using Microsoft.ML.Data;

namespace Tdv.MLNet.Tests.Motion;

/// <summary>Two frames, the second of which shows the first moved by whole cells, in random features.</summary>
internal sealed class MovedPair
{
    public const int Rows = 6;
    public const int Columns = 8;
    public const int Depth = 16;

    [VectorType(Rows, Columns, Depth)]
    public float[] From { get; set; } = [];

    [VectorType(Rows, Columns, Depth)]
    public float[] To { get; set; } = [];

    public static MovedPair Create(int down, int right)
    {
        var random = new Random(3);
        float[] Numbers() => [.. Enumerable.Range(0, Rows * Columns * Depth).Select(_ => random.NextSingle() - 0.5f)];
        var pair = new MovedPair { From = Numbers(), To = Numbers() };
        for (int cell = 0; cell < Rows * Columns; cell++)
        {
            var (y, x) = ((cell / Columns) + down, (cell % Columns) + right);
            if (y >= 0 && y < Rows && x >= 0 && x < Columns)
            {
                pair.From.AsSpan(cell * Depth, Depth).CopyTo(pair.To.AsSpan(((y * Columns) + x) * Depth));
            }
        }

        return pair;
    }
}
