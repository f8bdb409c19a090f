using System.Text;

namespace Tdv.MLNet.Weights;

/// <summary>Writes the few codes of pickle protocol 2 that a state dict takes.</summary>
internal sealed class PickleWriter : BinaryWriter
{
    public PickleWriter()
        : base(new MemoryStream()) => Write([0x80, 2]);

    public void Mark() => Code('(');

    public void Tuple() => Code('t');

    public void SetItems() => Code('u');

    public void Call() => Code('R');

    /// <summary>Turns the tuple on top into what it identifies.</summary>
    public void Persistent() => Code('Q');

    public void False() => Write((byte)0x89);

    public void Global(string module, string name)
    {
        Code('c');
        Write(Encoding.ASCII.GetBytes($"{module}\n{name}\n"));
    }

    public void EmptyDictionary()
    {
        Global("collections", "OrderedDict");
        Code(')');
        Call();
    }

    public void Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Code('X');
        Write(utf8.Length);
        Write(utf8);
    }

    public void Integers(long[] values)
    {
        Mark();
        Array.ForEach(values, Integer);
        Tuple();
    }

    public void Integer(long value)
    {
        if (value is >= int.MinValue and <= int.MaxValue)
        {
            Code('J');
            Write((int)value);
        }
        else
        {
            Write([0x8a, sizeof(long)]);
            Write(value);
        }
    }

    public byte[] Finish()
    {
        Code('.');
        return ((MemoryStream)OutStream).ToArray();
    }

    private void Code(char code) => Write((byte)code);
}
