using System.Buffers.Binary;
using System.Text;

namespace Tdv.MLNet.Weights;

/// <summary>Writes the few codes of pickle protocol 2 that a state dict takes.</summary>
internal sealed class PickleWriter
{
    private readonly List<byte> _bytes = [0x80, 2];

    public void Mark() => Code('(');

    public void Tuple() => Code('t');

    public void EmptyTuple() => Code(')');

    public void SetItems() => Code('u');

    public void Call() => Code('R');

    /// <summary>Turns the tuple on top into what it identifies.</summary>
    public void Persistent() => Code('Q');

    public void False() => _bytes.Add(0x89);

    public void Global(string module, string name)
    {
        Code('c');
        _bytes.AddRange(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    public void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Code('X');
        Int32(utf8.Length);
        _bytes.AddRange(utf8);
    }

    public void Integers(long[] values)
    {
        Mark();
        foreach (var value in values)
        {
            Integer(value);
        }

        Tuple();
    }

    public void Integer(long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Code('J');
            Int32((int)value);
            return;
        }

        Span<byte> eight = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(eight, value);
        _bytes.AddRange([0x8a, sizeof(long)]);
        _bytes.AddRange(eight);
    }

    public byte[] Finish()
    {
        Code('.');
        return [.. _bytes];
    }

    private void Code(char code) => _bytes.Add((byte)code);

    private void Int32(int value)
    {
        Span<byte> four = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(four, value);
        _bytes.AddRange(four);
    }
}
