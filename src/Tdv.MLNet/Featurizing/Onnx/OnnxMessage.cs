using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// A protocol buffer message in the making. ONNX's format needs a dozen fields of nine messages: fewer lines than the
/// classes that a compiler would generate for all of them.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Both streams are memory alone: there is nothing to free.")]
internal sealed class OnnxMessage
{
    private readonly MemoryStream _bytes = new();
    private readonly CodedOutputStream _output;

    public OnnxMessage() => _output = new CodedOutputStream(_bytes, leaveOpen: true);

    public OnnxMessage Add(int field, long value) =>
        Add(field, WireFormat.WireType.Varint, () => _output.WriteInt64(value));

    public OnnxMessage Add(int field, float value) =>
        Add(field, WireFormat.WireType.Fixed32, () => _output.WriteFloat(value));

    public OnnxMessage Add(int field, string value) =>
        Add(field, WireFormat.WireType.LengthDelimited, () => _output.WriteString(value));

    public OnnxMessage Add(int field, ReadOnlyMemory<byte> value) =>
        Add(
            field,
            WireFormat.WireType.LengthDelimited,
            () => _output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value))
        );

    public OnnxMessage Add(int field, OnnxMessage value) => Add(field, value.ToMemory());

    public ReadOnlyMemory<byte> ToMemory()
    {
        _output.Flush();
        return _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);
    }

    private OnnxMessage Add(int field, WireFormat.WireType type, Action write)
    {
        _output.WriteTag(field, type);
        write();
        return this;
    }
}
