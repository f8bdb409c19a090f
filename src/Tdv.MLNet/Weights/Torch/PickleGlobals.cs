using System.Text;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>
/// The classes and functions a checkpoint may name, and what each stands for here. Everything else is refused.
/// </summary>
internal static class PickleGlobals
{
    private const string Encode = "_codecs.encode";
    private const string OrderedDict = "collections.OrderedDict";
    private const string Parameter = "torch._utils._rebuild_parameter";
    private const string ParameterWithState = "torch._utils._rebuild_parameter_with_state";
    private const string Size = "torch.Size";
    private const string Tensor = "torch._utils._rebuild_tensor_v2";
    private const int MaxDimensions = 64;

    // A tensor may repeat its storage's elements (stride 0), but a few bytes must not become gigabytes.
    private const long MaxRepeated = 1 << 20;

    private static readonly HashSet<string> Allowed = new(StringComparer.Ordinal)
    {
        Encode,
        OrderedDict,
        Parameter,
        ParameterWithState,
        Size,
        Tensor,
        // Settings that Lightning stores beside the weights; they are read over.
        "argparse.Namespace",
        "collections.defaultdict",
        "builtins.dict",
        "builtins.frozenset",
        "builtins.list",
        "builtins.set",
        "__builtin__.dict",
        "__builtin__.frozenset",
        "__builtin__.list",
        "__builtin__.set",
        "lightning.fabric.utilities.data.AttributeDict",
        "lightning.pytorch.utilities.parsing.AttributeDict",
        "lightning_fabric.utilities.data.AttributeDict",
        "pytorch_lightning.utilities.parsing.AttributeDict",
        "pathlib.Path",
        "pathlib.PosixPath",
        "pathlib.PurePosixPath",
        "pathlib.WindowsPath",
        "torch.device",
        "torch.bfloat16",
        "torch.float16",
        "torch.float32",
        "torch.float64",
        "torch.int32",
        "torch.int64",
    };

    public static bool IsAllowed(string name) => Allowed.Contains(name) || ElementTypes.TryParseStorage(name, out _);

    /// <summary>What a call of an allowed name stands for; of any other, an object without life.</summary>
    public static object Call(object?[] arguments, PickleGlobal global, PickleStack stack) =>
        (global.Name, arguments) switch
        {
            (Tensor, [PickleStorage storage, long offset, object?[] shape, object?[] strides, ..]) => View(
                storage,
                offset,
                Numbers(shape, stack),
                Numbers(strides, stack)
            ),
            (Parameter or ParameterWithState, [StoredTensor tensor, ..]) => tensor,
            (OrderedDict, []) => new PickleDictionary(),
            (OrderedDict, [List<object?> pairs]) => Dictionary(pairs, stack),
            (Size, [object?[] sizes]) => sizes,
            (Encode, [string text, "latin1"]) => Bytes(text, stack),
            (Encode or OrderedDict or Parameter or ParameterWithState or Size or Tensor, _) =>
                throw new InvalidDataException($"its pickle calls {global.Name} in an unknown way"),
            _ => new PickleObject(),
        };

    public static void AddElements(object? container, IReadOnlyList<object?> elements)
    {
        if (container is List<object?> list)
        {
            list.AddRange(elements);
        }
        else if (container is not PickleObject)
        {
            throw new InvalidDataException("its pickle adds elements to something that is not a list");
        }
    }

    /// <summary>Adds keys and values, which take turns.</summary>
    public static void AddItems(object? container, object?[] items)
    {
        var target = container as PickleDictionary;
        if (items.Length % 2 != 0 || (target is null && container is not PickleObject))
        {
            throw new InvalidDataException("its pickle adds items to something that is not a dict");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            target?.Items.Add(KeyValuePair.Create(items[i], items[i + 1]));
        }
    }

    /// <summary>A dictionary of keys and values, which take turns.</summary>
    public static PickleDictionary Dictionary(object?[] items)
    {
        var dictionary = new PickleDictionary();
        AddItems(dictionary, items);
        return dictionary;
    }

    /// <summary>Attributes are of no use and dropped; torch keeps version numbers in those of a dict.</summary>
    public static void CheckAttributes(object? target)
    {
        if (target is not (PickleObject or PickleDictionary))
        {
            throw new InvalidDataException("its pickle sets attributes of something that has none");
        }
    }

    private static PickleDictionary Dictionary(List<object?> pairs, PickleStack stack)
    {
        stack.Spend(pairs.Count);
        return Dictionary([
            .. pairs.SelectMany(pair =>
                pair is IList<object?> { Count: 2 } items
                    ? items
                    : throw new InvalidDataException("a dict lacks a value")
            ),
        ]);
    }

    private static byte[] Bytes(string text, PickleStack stack)
    {
        stack.Spend(text.Length / 8);
        return Encoding.Latin1.GetBytes(text);
    }

    private static long[] Numbers(object?[] values, PickleStack stack)
    {
        stack.Spend(values.Length);
        return values.Length <= MaxDimensions && values.All(value => value is long and >= 0)
            ? Array.ConvertAll(values, value => (long)value!)
            : throw new InvalidDataException(
                $"a tensor's shape or strides are not at most {MaxDimensions} numbers from 0 up"
            );
    }

    private static StoredTensor View(PickleStorage storage, long offset, long[] shape, long[] strides)
    {
        var most = Math.Max(storage.Elements, MaxRepeated);
        var size = ElementTypes.Size(storage.Type);
        if (
            shape.Length != strides.Length
            || !ElementTypes.TryLength(storage.Type, shape, out var bytes)
            || bytes / size > most
            || !TrySpan(shape, strides, out var span)
            || offset < 0
            || span > storage.Elements
            || offset > storage.Elements - span
        )
        {
            throw new InvalidDataException(
                $"a tensor of shape [{string.Join(", ", shape)}] and strides [{string.Join(", ", strides)}] at {offset} "
                    + $"reaches beyond its storage of {storage.Elements} elements"
            );
        }

        return new StoredTensor(
            "",
            storage.Type,
            shape,
            IsGapless(shape, strides) ? null : strides,
            storage.Offset + offset * size,
            span * size
        );
    }

    /// <summary>The elements from the first to the last, both included; false above 2⁶³ − 1.</summary>
    private static bool TrySpan(long[] shape, long[] strides, out long span)
    {
        span = shape.Contains(0) ? 0 : 1;
        for (var i = 0; i < shape.Length && span > 0; i++)
        {
            var steps = (Int128)(shape[i] - 1) * strides[i];
            if (steps > long.MaxValue - span)
            {
                return false;
            }

            span += (long)steps;
        }

        return true;
    }

    private static bool IsGapless(long[] shape, long[] strides)
    {
        var gapless = StoredTensor.Gapless(shape);
        return shape.Contains(0) || !shape.Where((size, i) => size != 1 && strides[i] != gapless[i]).Any();
    }
}
