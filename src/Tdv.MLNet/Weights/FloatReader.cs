using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>Reads a stored tensor of any type and layout as plain float32 numbers.</summary>
internal static unsafe class FloatReader
{
    /// <param name="source">The tensor's first element.</param>
    /// <param name="tensor">What lies there.</param>
    /// <exception cref="InvalidDataException">It is larger than an array can be.</exception>
    public static float[] Read(byte* source, StoredTensor tensor)
    {
        long count = tensor.Shape.Aggregate(1L, (product, size) => product * size);
        if (count > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"Tensor '{tensor.Name}' has {count} elements, at most {Array.MaxLength} fit."
            );
        }

        float[] values = new float[count];
        if (tensor is { Strides: null, Type: ScalarType.Float32 })
        {
            new ReadOnlySpan<float>(source, values.Length).CopyTo(values);
        }
        else
        {
            Gather(source, tensor, tensor.Strides ?? StoredTensor.Gapless(tensor.Shape), values);
        }

        return values;
    }

    private static void Gather(byte* source, StoredTensor tensor, long[] strides, float[] values)
    {
        long[] index = new long[strides.Length];
        long element = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Element(source, element, tensor.Type);
            // The last index goes on; one that is at its end goes back to 0 and takes the one before it along.
            for (int d = index.Length - 1; d >= 0; d--)
            {
                element += strides[d];
                if (++index[d] < tensor.Shape[d])
                {
                    break;
                }

                element -= strides[d] * index[d];
                index[d] = 0;
            }
        }
    }

    private static float Element(byte* source, long index, ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => ((float*)source)[index],
            ScalarType.Float64 => (float)((double*)source)[index],
            ScalarType.Float16 => (float)((Half*)source)[index],
            ScalarType.BFloat16 => BitConverter.Int32BitsToSingle(((short*)source)[index] << 16),
            ScalarType.Int64 => ((long*)source)[index],
            ScalarType.Int32 => ((int*)source)[index],
            ScalarType.Int16 => ((short*)source)[index],
            ScalarType.Int8 => ((sbyte*)source)[index],
            ScalarType.Byte => source[index],
            ScalarType.Bool => source[index] == 0 ? 0 : 1,
            _ => throw new InvalidDataException($"Weights of type {type} cannot be read."),
        };
}
