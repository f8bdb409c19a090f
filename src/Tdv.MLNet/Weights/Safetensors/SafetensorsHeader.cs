using System.Buffers.Binary;
using System.Text.Json;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Weights;

/// <summary>
/// The parsed and validated header of a safetensors file: 8 bytes of length, that many bytes of JSON, then the data,
/// every byte of which belongs to exactly one tensor. Needs no libtorch.
/// </summary>
/// <seealso href="https://github.com/huggingface/safetensors">The format</seealso>
internal sealed class SafetensorsHeader
{
    /// <summary>The largest header, in bytes, that the format allows.</summary>
    public const int MaxLength = 100_000_000;

    public const int PrefixLength = sizeof(long);

    public const string MetadataKey = "__metadata__";
    private const int MaxDimensions = 64;

    private readonly string _source;
    private readonly long _dataStart;
    private readonly long _dataLength;

    private SafetensorsHeader(string source, long dataStart, long dataLength)
    {
        _source = source;
        _dataStart = dataStart;
        _dataLength = dataLength;
    }

    public Dictionary<string, StoredTensor> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The bytes of JSON that follow the 8 bytes of <paramref name="prefix"/>.</summary>
    /// <exception cref="InvalidDataException">The length is impossible for a file of <paramref name="fileLength"/> bytes.</exception>
    public static int JsonLength(ReadOnlySpan<byte> prefix, long fileLength, string source)
    {
        if (fileLength < PrefixLength || prefix.Length < PrefixLength)
        {
            throw Damaged(source, $"expected at least {PrefixLength} bytes, found {fileLength}");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var most = (ulong)Math.Min(MaxLength, fileLength - PrefixLength);
        return length <= most
            ? (int)length
            : throw Damaged(source, $"expected a header of at most {most} bytes, found one of {length}");
    }

    /// <exception cref="InvalidDataException">The header is damaged, or does not describe the file's data exactly.</exception>
    public static SafetensorsHeader Read(MappedBytes file)
    {
        var prefix = file.Bytes(0, (int)Math.Min(PrefixLength, file.Length));
        var length = JsonLength(prefix, file.Length, file.Source);
        var header = new SafetensorsHeader(file.Source, PrefixLength + length, file.Length - PrefixLength - length);
        try
        {
            var reader = new Utf8JsonReader(file.Bytes(PrefixLength, length));
            header.ReadObject(JsonElement.ParseValue(ref reader));
            // Nothing but white space may follow; the reader throws otherwise.
            reader.Read();
        }
        // The reader reports a string that is not valid UTF-8 as an invalid operation.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(
                Damaged(file.Source, $"its header is not valid JSON: {exception.Message}").Message,
                exception
            );
        }

        header.CheckCoverage();
        return header;
    }

    private void ReadObject(JsonElement root)
    {
        Expect(root.ValueKind == JsonValueKind.Object, "its header is not a JSON object");
        foreach (var entry in root.EnumerateObject())
        {
            Expect(entry.Value.ValueKind == JsonValueKind.Object, $"{Shown(entry.Name)} is not a JSON object");
            if (entry.Name == MetadataKey)
            {
                ReadMetadata(entry.Value);
            }
            else
            {
                var tensor = ReadTensor(entry.Name, entry.Value);
                Expect(Tensors.TryAdd(entry.Name, tensor), $"tensor {Shown(entry.Name)} is listed twice");
            }
        }
    }

    private void ReadMetadata(JsonElement metadata)
    {
        Expect(Metadata.Count == 0, $"{MetadataKey} is listed twice");
        foreach (var entry in metadata.EnumerateObject())
        {
            Expect(entry.Value.ValueKind == JsonValueKind.String, $"metadata {Shown(entry.Name)} is not a text");
            Expect(
                Metadata.TryAdd(entry.Name, entry.Value.GetString()!),
                $"metadata {Shown(entry.Name)} is listed twice"
            );
        }
    }

    private StoredTensor ReadTensor(string name, JsonElement tensor)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        foreach (var entry in tensor.EnumerateObject())
        {
            switch (entry.Name)
            {
                case "dtype" when type is null && entry.Value.ValueKind == JsonValueKind.String:
                    type = entry.Value.GetString();
                    break;
                case "shape" when shape is null:
                    shape = Sizes(name, entry);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Sizes(name, entry);
                    break;
                default:
                    throw Fault(name, $"unknown, repeated or mistyped entry {Shown(entry.Name)}");
            }
        }

        if (type is null || shape is null || offsets is null)
        {
            throw Fault(name, "expected dtype, shape and data_offsets; one is missing");
        }

        return Validate(name, type, shape, offsets);
    }

    private StoredTensor Validate(string name, string typeName, long[] shape, long[] offsets)
    {
        if (!ElementTypes.TryParse(typeName, out var type))
        {
            throw Fault(name, $"expected dtype {ElementTypes.Names}, found {Shown(typeName)}");
        }

        var described = $"{typeName} [{string.Join(", ", shape)}]";
        if (offsets is not [>= 0 and var begin, var end] || end < begin || end > _dataLength)
        {
            var found = string.Join(", ", offsets);
            throw Fault(
                name,
                $"expected data_offsets [begin, end] within {_dataLength} bytes of data, found [{found}]"
            );
        }

        return ElementTypes.TryLength(type, shape, out var length) && length == end - begin
            ? new StoredTensor(name, type, shape, null, _dataStart + begin, length)
            : throw Fault(
                name,
                $"expected the bytes of {described}, found {end - begin} (data_offsets {begin} to {end})"
            );
    }

    private long[] Sizes(string name, JsonProperty entry)
    {
        var list = entry.Value;
        return
            list.ValueKind == JsonValueKind.Array
            && list.GetArrayLength() <= MaxDimensions
            && list.EnumerateArray()
                .All(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long value) && value >= 0)
            ? [.. list.EnumerateArray().Select(size => size.GetInt64())]
            : throw Fault(name, $"{entry.Name} is not a list of at most {MaxDimensions} sizes");
    }

    /// <summary>Like the format's reference: no byte may belong to two tensors or to none.</summary>
    private void CheckCoverage()
    {
        var end = _dataStart;
        StoredTensor? previous = null;
        foreach (var tensor in Tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.Length))
        {
            if (tensor.Offset < end)
            {
                throw Fault(tensor.Name, $"its data overlap those of tensor {Shown(previous!.Name)}");
            }

            Expect(
                tensor.Offset == end,
                $"{tensor.Offset - end} bytes before tensor {Shown(tensor.Name)} belong to no tensor"
            );
            end = tensor.Offset + tensor.Length;
            previous = tensor;
        }

        var described = end - _dataStart;
        Expect(described == _dataLength, $"its header describes {described} bytes of data, found {_dataLength}");
    }

    private void Expect(bool condition, string fault)
    {
        if (!condition)
        {
            throw Damaged(_source, fault);
        }
    }

    private InvalidDataException Fault(string tensor, string fault) =>
        Damaged(_source, $"tensor {Shown(tensor)}: {fault}");

    private static string Shown(string name) => name.Length <= 100 ? $"'{name}'" : $"'{name.AsSpan(0, 100)}…'";

    private static InvalidDataException Damaged(string source, string fault) =>
        new($"'{source}' is not a valid safetensors file: {fault}. It is damaged or cut short; copy it again.");
}
