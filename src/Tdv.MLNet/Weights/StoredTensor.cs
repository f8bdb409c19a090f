using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>What a tensor in a file is, and where its bytes lie.</summary>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Type">The elements' type.</param>
/// <param name="Shape">The size of each dimension; empty for a single number.</param>
/// <param name="Strides">Elements from one index to the next, for each dimension; null: row-major and gapless.</param>
/// <param name="Offset">Bytes from the start of the file to the first element.</param>
/// <param name="Length">Bytes from the first element to the end of the last.</param>
internal sealed record StoredTensor(
    string Name,
    ScalarType Type,
    long[] Shape,
    long[]? Strides,
    long Offset,
    long Length
)
{
    /// <summary>The strides of a row-major tensor without gaps.</summary>
    public static long[] Gapless(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (var i = shape.Length - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= Math.Max(shape[i], 1);
        }

        return strides;
    }

    /// <summary>Such as <c>F32 [192, 3, 8, 8]</c>.</summary>
    public override string ToString() => $"{ElementTypes.Name(Type)} [{string.Join(", ", Shape)}]";
}
