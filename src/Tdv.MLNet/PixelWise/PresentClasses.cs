using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// The classes that occur among the sampled pixels. A trainer sees only these, as keys without gaps, because many
/// trainers fail on a class without examples; predictions are expanded to all classes again.
/// </summary>
internal sealed class PresentClasses
{
    private const int MaxClasses = 1 << 20;

    private readonly int[] _indices;
    private readonly uint[] _compact;

    /// <param name="indices">The indices (key - 1) of the classes that occur, ascending.</param>
    public PresentClasses(int[] indices, int total)
    {
        _indices = indices;
        _compact = new uint[total + 1];
        for (var i = 0; i < indices.Length; i++)
        {
            _compact[indices[i] + 1] = (uint)(i + 1);
        }
    }

    /// <summary>The number of classes that occur.</summary>
    public int Count => _indices.Length;

    /// <summary>The number of all classes.</summary>
    public int Total => _compact.Length - 1;

    public IReadOnlyList<int> Indices => _indices;

    public static PresentClasses Of(PixelTable table, int total) =>
        new(table.Keys.Distinct().Order().Select(key => (int)key - 1).ToArray(), total);

    public uint ToCompact(uint key) => _compact[key];

    /// <summary>The key of the class that the trainer knows by this index.</summary>
    public uint ToKey(int compactIndex) => (uint)_indices[compactIndex] + 1;

    public MaskLegend Select(MaskLegend legend) =>
        new(
            _indices.Select(i => legend.Names[i]).ToArray(),
            _indices.Select(i => legend.Ids[i]).ToArray(),
            _indices.Select(i => legend.Colors[i]).ToArray()
        );

    public void Save(BinaryWriter writer)
    {
        writer.Write(Total);
        writer.Write(Count);
        Array.ForEach(_indices, writer.Write);
    }

    public static PresentClasses Load(BinaryReader reader)
    {
        var total = reader.ReadInt32();
        var indices = new int[reader.ReadCount(sizeof(int), "classes that occur")];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = reader.ReadInt32();
        }

        return
            total is >= 0 and <= MaxClasses
            && indices.All(index => index >= 0 && index < total)
            && indices.Zip(indices.Skip(1)).All(pair => pair.First < pair.Second)
            ? new(indices, total)
            : throw new InvalidDataException(
                $"The saved pixel classifier is damaged: its {indices.Length} classes are not among {total}. Save it again."
            );
    }
}
