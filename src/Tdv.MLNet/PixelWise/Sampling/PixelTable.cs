namespace Tdv.MLNet.PixelWise;

/// <summary>Pixel rows in memory: features in blocks of rows, and keys.</summary>
internal sealed class PixelTable(int dimension)
{
    /// <summary>Rows of a full block; small enough for sums in single precision.</summary>
    public const int BlockRows = 1024;

    private readonly List<float[]> _blocks = [];
    private readonly List<uint> _keys = [];

    public int Dimension { get; } = dimension;

    public int Count => _keys.Count;

    public IReadOnlyList<uint> Keys => _keys;

    public long Bytes => (long)_blocks.Count * BlockRows * Dimension * sizeof(float);

    public int BlockCount => _blocks.Count;

    public void Add(ReadOnlySpan<float> features, uint key)
    {
        var row = Count % BlockRows;
        if (row == 0)
        {
            _blocks.Add(new float[BlockRows * Dimension]);
        }

        features.CopyTo(_blocks[^1].AsSpan(row * Dimension, Dimension));
        _keys.Add(key);
    }

    public ReadOnlySpan<float> Row(int index) =>
        _blocks[index / BlockRows].AsSpan(index % BlockRows * Dimension, Dimension);

    /// <summary>A block's features [rows, D] and its number of rows; only the last block may not be full.</summary>
    public (float[] Features, int Rows) Block(int index) =>
        (_blocks[index], Math.Min(BlockRows, Count - index * BlockRows));
}
