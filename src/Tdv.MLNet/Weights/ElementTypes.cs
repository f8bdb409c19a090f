using static TorchSharp.torch;
using Entry = (string Name, string Storage, TorchSharp.torch.ScalarType Type, int Size);

namespace Tdv.MLNet.Weights;

/// <summary>
/// The element types that weight files hold: their names in safetensors files, those of their storages in
/// PyTorch's checkpoints, and sizes in bytes.
/// </summary>
internal static class ElementTypes
{
    private static readonly Entry[] All =
    [
        ("F64", "torch.DoubleStorage", ScalarType.Float64, 8),
        ("F32", "torch.FloatStorage", ScalarType.Float32, 4),
        ("F16", "torch.HalfStorage", ScalarType.Float16, 2),
        ("BF16", "torch.BFloat16Storage", ScalarType.BFloat16, 2),
        ("I64", "torch.LongStorage", ScalarType.Int64, 8),
        ("I32", "torch.IntStorage", ScalarType.Int32, 4),
        ("I16", "torch.ShortStorage", ScalarType.Int16, 2),
        ("I8", "torch.CharStorage", ScalarType.Int8, 1),
        ("U8", "torch.ByteStorage", ScalarType.Byte, 1),
        ("BOOL", "torch.BoolStorage", ScalarType.Bool, 1),
    ];

    /// <summary>Such as <c>F64, F32, F16</c>, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(entry => entry.Name));

    /// <summary>The type of this name in safetensors files.</summary>
    public static bool TryParse(string name, out ScalarType type) => TryFind(entry => entry.Name == name, out type);

    /// <summary>The type of the elements of a storage of this name.</summary>
    public static bool TryParseStorage(string name, out ScalarType type) =>
        TryFind(entry => entry.Storage == name, out type);

    public static string Name(ScalarType type) => Find(type).Name;

    public static string StorageName(ScalarType type) => Find(type).Storage;

    public static int Size(ScalarType type) => Find(type).Size;

    /// <summary>The bytes of a gapless tensor of this shape; false if a dimension is negative or they exceed 2⁶³ − 1.</summary>
    public static bool TryLength(ScalarType type, ReadOnlySpan<long> shape, out long length)
    {
        length = Size(type);
        foreach (var dimension in shape)
        {
            if (dimension < 0 || length > long.MaxValue / Math.Max(dimension, 1))
            {
                return false;
            }

            length *= Math.Max(dimension, 1);
        }

        length = shape.Contains(0) ? 0 : length;
        return true;
    }

    private static bool TryFind(Predicate<Entry> matches, out ScalarType type)
    {
        var found = Array.Find(All, matches);
        type = found.Type;
        return found.Size > 0;
    }

    private static Entry Find(ScalarType type)
    {
        var found = Array.Find(All, entry => entry.Type == type);
        return found.Size > 0
            ? found
            : throw new NotSupportedException(
                $"Weights of type {type} cannot be stored. Convert them to one of {Names}."
            );
    }
}
