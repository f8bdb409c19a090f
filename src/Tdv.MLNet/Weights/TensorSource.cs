using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>A tensor to be written to a file, wherever its values are.</summary>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Type">The elements' type.</param>
/// <param name="Shape">The size of each dimension.</param>
/// <param name="Write">Writes the elements in row-major order.</param>
internal sealed record TensorSource(string Name, ScalarType Type, long[] Shape, Action<Stream> Write)
{
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>In bytes.</summary>
    public long Length => Count * ElementTypes.Size(Type);

    /// <exception cref="ArgumentException">Two of the tensors have the same name, or one has the reserved one.</exception>
    public static void CheckNames(IReadOnlyCollection<TensorSource> tensors, string? reserved = null)
    {
        var wrong = tensors
            .GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1 || group.Key == reserved)
            .Select(group => $"'{group.Key}'")
            .ToList();
        if (wrong.Count > 0)
        {
            var rule = reserved is null ? "" : $" and not '{reserved}'";
            throw new ArgumentException(
                $"Tensor names must be unique{rule}; found {string.Join(", ", wrong)}.",
                nameof(tensors)
            );
        }
    }

    public static TensorSource Of((string Name, Tensor Tensor) entry) =>
        new(entry.Name, entry.Tensor.dtype, entry.Tensor.shape, stream => TensorMemory.Write(entry.Tensor, stream));

    public static TensorSource Of(NamedArray array) =>
        new(
            array.Name,
            ScalarType.Float32,
            array.Shape,
            stream => stream.Write(MemoryMarshal.AsBytes<float>(array.Values))
        );
}
