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

            if (!ReadPlain(code) && !ReadContainer(code) && !ReadObject(code))
            {
                throw new InvalidDataException($"its pickle has the unknown code 0x{code:X2} at {_input.Position - 1}");
            }
        }
    }

    private bool ReadPlain(byte code)
    {
        switch (code)
        {
            case (byte)'N':
                _stack.Push(null);
                return true;
            case 0x88 or 0x89:
                _stack.Push(code == 0x88);
                return true;
            case (byte)'K':
                _stack.Push((long)_input.Byte());
                return true;
            case (byte)'M':
                _stack.Push((long)_input.UInt16());
                return true;
            case (byte)'J':
                _stack.Push((long)_input.Int32());
                return true;
            case 0x8a:
                _stack.Push(_input.Integer(_input.Byte()));
                return true;
            case (byte)'G':
                _stack.Push(_input.Double());
                return true;
            default:
                return ReadText(code);
        }
    }

    private bool ReadText(byte code)
    {
        object? value = code switch
        {
            (byte)'X' => _input.Utf8(_input.Int32()),
            0x8c => _input.Utf8(_input.Byte()),
            0x8d => _input.Utf8(_input.Int64()),
            // Texts of Python 2
            (byte)'T' => _input.Latin1(_input.Int32()),
            (byte)'U' => _input.Latin1(_input.Byte()),
            (byte)'B' => _input.Raw(_input.Int32()),
            (byte)'C' => _input.Raw(_input.Byte()),
            0x8e => _input.Raw(_input.Int64()),
            _ => null,
        };
        if (value is null)
        {
            return false;
        }

        _stack.Push(value);
        return true;
    }

    private bool ReadContainer(byte code)
    {
        switch (code)
        {
            case (byte)'(':
                _stack.Mark();
                return true;
            case (byte)')':
                _stack.Push(Array.Empty<object?>());
                return true;
            case 0x85 or 0x86 or 0x87:
                _stack.Push(_stack.Pop(code - 0x84));
                return true;
            case (byte)'t':
                _stack.Push(_stack.PopToMark());
                return true;
            case (byte)']':
                _stack.Push(new List<object?>());
                return true;
            case (byte)'l':
                _stack.Push(_stack.PopToMark().ToList());
                return true;
            case (byte)'}':
                _stack.Push(new PickleDictionary());
                return true;
            case (byte)'d':
                ReadItems(new PickleDictionary());
                return true;
            case 0x8f:
                _stack.Push(new PickleObject("builtins.set"));
                return true;
            case 0x91:
                _stack.Push(PickleGlobals.Set("builtins.frozenset", _stack.PopToMark(), _stack));
                return true;
            default:
                return ReadAddition(code);
        }
    }

    private void ReadItems(PickleDictionary dictionary)
    {
        PickleGlobals.AddItems(dictionary, _stack.PopToMark());
        _stack.Push(dictionary);
    }

    private bool ReadAddition(byte code)
    {
        switch (code)
        {
            case (byte)'a':
                var element = _stack.Pop();
                PickleGlobals.AddElements(_stack.Peek(), [element]);
                return true;
            case (byte)'e' or 0x90:
                var elements = _stack.PopToMark();
                PickleGlobals.AddElements(_stack.Peek(), elements);
                return true;
            case (byte)'s':
                var item = _stack.Pop(2);
                PickleGlobals.AddItems(_stack.Peek(), item);
                return true;
            case (byte)'u':
                var items = _stack.PopToMark();
                PickleGlobals.AddItems(_stack.Peek(), items);
                return true;
            default:
                return ReadMachine(code);
        }
    }

    private bool ReadMachine(byte code)
    {
        switch (code)
        {
            case 0x80:
                var protocol = _input.Byte();
                return protocol is >= 2 and <= HighestProtocol
                    ? true
                    : throw new InvalidDataException(
                        $"expected pickle protocol 2 to {HighestProtocol}, found {protocol}"
                    );
            case 0x95:
                _input.Int64();
                return true;
            case (byte)'0':
                _stack.Pop();
                return true;
            case (byte)'1':
                _stack.PopToMark();
                return true;
            case (byte)'2':
                _stack.Push(_stack.Peek());
                return true;
            case (byte)'q':
                _stack.Memorize(_input.Byte());
                return true;
            case (byte)'r':
                _stack.Memorize(_input.Int32());
                return true;
            case 0x94:
                _stack.Memorize();
                return true;
            case (byte)'h':
                _stack.Recall(_input.Byte());
                return true;
            case (byte)'j':
                _stack.Recall(_input.Int32());
                return true;
            default:
                return false;
        }
    }

    private bool ReadObject(byte code)
    {
        switch (code)
        {
            case (byte)'c':
                _stack.Push(Global($"{_input.Line()}.{_input.Line()}"));
                return true;
            case 0x93:
                var name = _stack.Pop(2);
                _stack.Push(Global($"{name[0] as string}.{name[1] as string}"));
                return true;
            case (byte)'R' or 0x81:
                var arguments = _stack.Pop<object?[]>();
                _stack.Push(PickleGlobals.Call(_stack.Pop<PickleGlobal>(), arguments, _stack));
                return true;
            case (byte)'b':
                var state = _stack.Pop();
                PickleGlobals.SetState(_stack.Peek(), state);
                return true;
            case (byte)'Q':
                _stack.Push(Storage(_stack.Pop<object?[]>()));
                return true;
            default:
                return false;
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
        && PickleGlobals.TryElementType(type.Name, out var elementType)
            ? findStorage(key, elementType, elements)
            : throw new InvalidDataException("its pickle refers to something that is not a storage of a known type");
}
