using System.Buffers.Binary;
using System.Text.Json;
using Tdv.MLNet.Foundation;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>Named tensors to and from the safetensors format, in streams and files.</summary>
internal static class Safetensors
{
    // Data aligned to 8 bytes, like the format's reference writer.
    private const int Alignment = 8;

    /// <summary>Writes the tensors in the given order, whole or not at all, replacing an existing file.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void Write(
        string path,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    ) => AtomicFile.Write(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes the tensors in the given order; the stream need not seek.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void Write(
        Stream stream,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    ) => Write(stream, tensors.Select(TensorSource.Of), metadata);

    /// <inheritdoc cref="Write(Stream, IEnumerable{ValueTuple{string, Tensor}}, IReadOnlyDictionary{string, string})"/>
    public static void Write(
        Stream stream,
        IEnumerable<TensorSource> tensors,
        IReadOnlyDictionary<string, string>? metadata
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

    /// <summary>
    /// Reads every tensor into CPU memory, from the stream's position to its end. The caller disposes the tensors.
    /// </summary>
    /// <param name="stream">A stream that can seek: its length bounds what is allocated.</param>
    /// <param name="source">What the stream is, for messages.</param>
    /// <exception cref="InvalidDataException">The data are damaged, cut short or not in the safetensors format.</exception>
    public static Dictionary<string, Tensor> Read(Stream stream, string source) => Read(stream, source, out _);

    /// <inheritdoc cref="Read(Stream, string)"/>
    public static Dictionary<string, Tensor> Read(
        Stream stream,
        string source,
        out IReadOnlyDictionary<string, string> metadata
    )
    {
        var start = stream.Position;
        var length = stream.Length - start;
        var prefix = new byte[Math.Min(SafetensorsHeader.PrefixLength, length)];
        stream.ReadExactly(prefix);
        var json = new byte[SafetensorsHeader.JsonLength(prefix, length, source)];
        stream.ReadExactly(json);
        var header = SafetensorsHeader.Parse(json, length, source);
        metadata = header.Metadata;
        var result = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            // In the order of their data, which have no gaps: the stream is read forward only.
            foreach (var tensor in header.Tensors.Values.OrderBy(tensor => tensor.Offset))
            {
                result.Add(tensor.Name, TensorMemory.Read(stream, tensor.Type, tensor.Shape));
            }
        }
        catch
        {
            foreach (var tensor in result.Values)
            {
                tensor.Dispose();
            }

            throw;
        }

        return result;
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
