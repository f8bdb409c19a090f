using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;

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
        var header = Header(list, metadata);
        Span<byte> prefix = stackalloc byte[SafetensorsHeader.PrefixLength];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        list.ForEach(tensor => tensor.Write(stream));
    }

    private static byte[] Header(List<TensorSource> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        TensorSource.CheckNames(tensors, SafetensorsHeader.MetadataKey);
        var entries = new JsonObject();
        if (metadata is { Count: > 0 })
        {
            entries[SafetensorsHeader.MetadataKey] = JsonSerializer.SerializeToNode(metadata);
        }

        long offset = 0;
        foreach (var tensor in tensors)
        {
            entries[tensor.Name] = new JsonObject
            {
                ["dtype"] = ElementTypes.Name(tensor.Type),
                ["shape"] = JsonSerializer.SerializeToNode(tensor.Shape),
                ["data_offsets"] = new JsonArray(offset, offset += tensor.Length),
            };
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(entries);
        // White space, which JSON may end in.
        var padding = -(SafetensorsHeader.PrefixLength + json.Length) & (Alignment - 1);
        return [.. json, .. Enumerable.Repeat((byte)' ', padding)];
    }
}
