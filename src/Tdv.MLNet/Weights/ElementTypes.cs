using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>The element types that weight files hold: their names in safetensors files and sizes in bytes.</summary>
internal static class ElementTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>Such as <c>F64, F32, F16</c>, for messages.</summary>
    public static string Names { get; } = string.Join(", ", All.Select(entry => entry.Name));

    public static bool TryParse(string? name, out ScalarType type)
    {
        var index = Array.FindIndex(All, entry => entry.Name == name);
        type = index < 0 ? default : All[index].Type;
        return index >= 0;
    }

    public static string Name(ScalarType type) => Find(type).Name;

    public static int Size(ScalarType type) => Find(type).Size;

    /// <summary>The bytes of a gapless tensor of this shape; false if a dimension is negative or they exceed 2⁶³ − 1.</summary>
    public static bool TryLength(ScalarType type, ReadOnlySpan<long> shape, out long length)
    {
        length = Size(type);
        var empty = false;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
            {
                return false;
            }

            empty |= dimension == 0;
            if (dimension > 0 && length > long.MaxValue / dimension)
            {
                return false;
            }

            length *= Math.Max(dimension, 1);
        }

        length = empty ? 0 : length;
        return true;
    }

    private static (string Name, ScalarType Type, int Size) Find(ScalarType type)
    {
        var index = Array.FindIndex(All, entry => entry.Type == type);
        return index >= 0
            ? All[index]
            : throw new NotSupportedException(
                $"Weights of type {type} cannot be stored. Convert them to one of {Names}."
            );
    }
}
