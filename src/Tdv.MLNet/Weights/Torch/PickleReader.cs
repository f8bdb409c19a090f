namespace Tdv.MLNet.Weights;

/// <summary>
/// Reads Python's pickle format, protocols 2 to 5, as plain data: dicts, lists, tuples, texts, numbers and tensors.
/// Names of classes and functions are compared with a short list and never looked up: nothing is executed. Needs no
/// libtorch. Faults carry no file name; the caller adds it.
/// </summary>
/// <param name="bytes">The pickle.</param>
/// <param name="findStorage">Gives the storage of a key, an element type and a number of elements.</param>
internal sealed class PickleReader(byte[] bytes, PickleReader.StorageFinder findStorage)
{
    private const int HighestProtocol = 5;
    private const int MaxRefused = 20;
    private const int MaxShown = 100;

    private readonly PickleInput _input = new(bytes);
    private readonly PickleStack _stack = new();
    private readonly List<string> _refused = [];

    /// <summary>Finds the bytes of a storage.</summary>
    public delegate PickleStorage StorageFinder(string key, TorchSharp.torch.ScalarType type, long elements);

    /// <summary>The names that the pickle asked for and must not have, each once.</summary>
    public IReadOnlyList<string> Refused => _refused;

    /// <summary>The pickled value; meaningless if anything was <see cref="Refused"/>.</summary>
    /// <exception cref="InvalidDataException">The pickle is damaged or goes beyond a bound.</exception>
    public object? Read()
    {
        while (true)
        {
            var code = _input.Byte();
            if (code == '.')
            {
                return _stack.Pop();
            }

            if (!Change(code))
            {
                _stack.Push(Value(code));
            }
        }
    }

    /// <summary>Codes that change what is there.</summary>
    private bool Change(byte code)
    {
        switch (code)
        {
            case 0x80:
                CheckProtocol(_input.Byte());
                break;
            case 0x95:
                _input.Int64();
                break;
            case (byte)'(':
                _stack.Mark();
                break;
            case (byte)'0':
                _stack.Pop();
                break;
            case (byte)'1':
                _stack.PopToMark();
                break;
            case (byte)'q':
                _stack.Memorize(_input.Byte());
                break;
            case (byte)'r':
                _stack.Memorize(_input.Int32());
                break;
            case 0x94:
                _stack.Memorize();
                break;
            case (byte)'a':
                var element = _stack.Pop();
                PickleGlobals.AddElements(_stack.Peek(), [element]);
                break;
            case (byte)'e' or 0x90:
                var elements = _stack.PopToMark();
                PickleGlobals.AddElements(_stack.Peek(), elements);
                break;
            case (byte)'s' or (byte)'u':
                var items = code == 's' ? _stack.Pop(2) : _stack.PopToMark();
                PickleGlobals.AddItems(_stack.Peek(), items);
                break;
            case (byte)'b':
                _stack.Pop();
                PickleGlobals.CheckAttributes(_stack.Peek());
                break;
            default:
                return false;
        }

        return true;
    }

    /// <summary>Codes that give a value.</summary>
    private object? Value(byte code) =>
        code switch
        {
            (byte)'N' => null,
            0x88 => true,
            0x89 => false,
            (byte)'K' => (long)_input.Byte(),
            (byte)'M' => (long)_input.UInt16(),
            (byte)'J' => (long)_input.Int32(),
            0x8a => _input.Integer(_input.Byte()),
            (byte)'G' => _input.Double(),
            (byte)'X' => _input.Utf8(_input.Int32()),
            0x8c => _input.Utf8(_input.Byte()),
            0x8d => _input.Utf8(_input.Int64()),
            // Texts of Python 2
            (byte)'T' => _input.Latin1(_input.Int32()),
            (byte)'U' => _input.Latin1(_input.Byte()),
            (byte)'B' => _input.Raw(_input.Int32()),
            (byte)'C' => _input.Raw(_input.Byte()),
            0x8e => _input.Raw(_input.Int64()),
            (byte)')' => Array.Empty<object?>(),
            0x85 or 0x86 or 0x87 => _stack.Pop(code - 0x84),
            // Tuples, and sets that do not change
            (byte)'t' or 0x91 => _stack.PopToMark(),
            (byte)']' => new List<object?>(),
            (byte)'l' => _stack.PopToMark().ToList(),
            (byte)'}' => new PickleDictionary(),
            (byte)'d' => PickleGlobals.Dictionary(_stack.PopToMark()),
            // Sets
            0x8f => new PickleObject(),
            (byte)'2' => _stack.Peek(),
            (byte)'h' => _stack.Recall(_input.Byte()),
            (byte)'j' => _stack.Recall(_input.Int32()),
            (byte)'c' => Global($"{_input.Line()}.{_input.Line()}"),
            0x93 => Global(string.Join('.', _stack.Pop(2).Select(part => part as string))),
            (byte)'R' or 0x81 => PickleGlobals.Call(_stack.Pop<object?[]>(), _stack.Pop<PickleGlobal>(), _stack),
            (byte)'Q' => Storage(_stack.Pop<object?[]>()),
            _ => throw new InvalidDataException(
                $"its pickle has the unknown code 0x{code:X2} at {_input.Position - 1}"
            ),
        };

    private static void CheckProtocol(byte protocol)
    {
        if (protocol is < 2 or > HighestProtocol)
        {
            throw new InvalidDataException($"expected pickle protocol 2 to {HighestProtocol}, found {protocol}");
        }
    }

    private PickleGlobal Global(string name)
    {
        // The pickle is read to its end all the same, so that one message names everything it must not have.
        var shown = name.Length > MaxShown ? name[..MaxShown] + '…' : name;
        if (!PickleGlobals.IsAllowed(name) && !_refused.Contains(shown) && _refused.Count < MaxRefused)
        {
            _refused.Add(shown);
        }

        return new PickleGlobal(name);
    }

    private PickleStorage Storage(object?[] id) =>
        id is ["storage", PickleGlobal type, string key, _, long elements, ..]
        && ElementTypes.TryParseStorage(type.Name, out var elementType)
            ? findStorage(key, elementType, elements)
            : throw new InvalidDataException("its pickle refers to something that is not a storage of a known type");
}
