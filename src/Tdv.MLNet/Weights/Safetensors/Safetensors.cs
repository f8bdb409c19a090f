using System.Buffers.Binary;
using System.Text.Json;

namespace Tdv.MLNet.Weights;

/// <summary>Writes named tensors in the safetensors format.</summary>
internal static class Safetensors
{
    // Data aligned to 8 bytes, like the format's reference writer.
    private const int Alignment = 8;

    /// <summary>Writes the tensors in the given order; the stream need not seek.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void Write(
        Stream stream,
        IEnumerable<TensorSource> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        var list = tensors.ToList();
        WriteHeader(stream, list, metadata);
        foreach (var tensor in list)
        {
            tensor.Write(stream);
        }
    }

    /// <summary>Writes what comes before the tensors' data, which then follow in the same order.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void WriteHeader(
        Stream stream,
        IReadOnlyCollection<TensorSource> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        var header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
    }

    private static byte[] Header(
        IReadOnlyCollection<TensorSource> tensors,
        IReadOnlyDictionary<string, string>? metadata
    )
    {
        CheckNames(tensors);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, value) in metadata)
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var tensor in tensors)
            {
                WriteEntry(json, tensor, offset);
                offset += tensor.Length;
            }

            json.WriteEndObject();
        }

        while ((SafetensorsHeader.PrefixLength + bytes.Length) % Alignment != 0)
        {
            bytes.WriteByte((byte)' ');
        }

        return bytes.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorSource tensor, long offset)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", ElementTypes.Name(tensor.Type));
        json.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape)
        {
            json.WriteNumberValue(dimension);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void CheckNames(IReadOnlyCollection<TensorSource> tensors)
    {
        var wrong = tensors
            .GroupBy(entry => entry.Name, StringComparer.Ordinal)
            .Where(group => group.Count() > 1 || group.Key == SafetensorsHeader.MetadataKey)
            .Select(group => $"'{group.Key}'")
            .ToList();
        if (wrong.Count > 0)
        {
            throw new ArgumentException(
                $"Tensor names must be unique and not '{SafetensorsHeader.MetadataKey}'; found {string.Join(", ", wrong)}.",
                nameof(tensors)
            );
        }
    }
}
