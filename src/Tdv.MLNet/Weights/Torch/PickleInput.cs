using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Tdv.MLNet.Weights;

/// <summary>The bytes of a pickle, read from front to back; no read passes the end.</summary>
internal sealed class PickleInput(byte[] bytes)
{
    private int _position;

    /// <summary>How many bytes have been read.</summary>
    public int Position => _position;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>The one number that pickle writes with the high byte first.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public string Utf8(long length) => Encoding.UTF8.GetString(Take(length));

    public string Latin1(long length) => Encoding.Latin1.GetString(Take(length));

    public byte[] Raw(long length) => Take(length).ToArray();

    /// <summary>A <see cref="long"/>, or a <see cref="BigInteger"/> above 8 bytes.</summary>
    public object Integer(int length)
    {
        var value = new BigInteger(Take(length));
        return length <= sizeof(long) ? (object)(long)value : value;
    }

    /// <summary>Up to the next line feed.</summary>
    public string Line()
    {
        var length = bytes.AsSpan(_position).IndexOf((byte)'\n');
        if (length < 0)
        {
            throw new InvalidDataException("a name in its pickle has no end");
        }

        var line = Utf8(length);
        _position++;
        return line;
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length < 0 || length > bytes.Length - _position)
        {
            throw new InvalidDataException($"expected {length} more bytes of pickle, found {bytes.Length - _position}");
        }

        var taken = bytes.AsSpan(_position, (int)length);
        _position += (int)length;
        return taken;
    }
}
