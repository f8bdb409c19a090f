using System.Runtime.InteropServices;

namespace Tdv.MLNet.Featurizing;

/// <summary>An ONNX graph in the making; operators of the standard set 17 alone, so that any runtime reads it.</summary>
internal sealed class OnnxGraph
{
    // Field numbers and constants below are those of onnx.proto.
    public const int FloatType = 1;
    public const int ByteType = 2;
    private const int OperatorSet = 17;
    private const int FormatVersion = 8;
    private const int Int64Type = 7;
    private const string Batch = "batch";

    private readonly OnnxMessage _graph = new OnnxMessage().Add(2, "tdv");
    private readonly HashSet<string> _constants = [];
    private int _count;

    /// <summary>Adds an operator with one output and returns the output's name.</summary>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes) =>
        Nodes(type, inputs, 1, attributes)[0];

    public string[] Nodes(string type, string[] inputs, int outputs, params (string Name, object Value)[] attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => Unique(type))];
        AddNode(type, inputs, names, attributes);
        return names;
    }

    public string Constant(float value) => Constant(Unique("constant"), new OnnxArray([], [value]));

    /// <summary>A named constant, written once however often it is used.</summary>
    public string Constant(string name, OnnxArray array)
    {
        if (_constants.Add(name))
        {
            AddConstant(name, array.Shape, FloatType, MemoryMarshal.AsBytes<float>(array.Values).ToArray());
        }

        return name;
    }

    public string Constant(params long[] values)
    {
        string name = Unique("sizes");
        AddConstant(name, [values.Length], Int64Type, MemoryMarshal.AsBytes<long>(values).ToArray());
        return name;
    }

    /// <summary>Declares an input of float32 or uint8, <c>[batch, ..shape]</c>.</summary>
    public string Input(string name, int type, params OnnxSize[] shape)
    {
        _graph.Add(11, Value(name, type, shape));
        return name;
    }

    /// <summary>Declares an output of float32, <c>[batch, ..shape]</c>.</summary>
    public void Output(string name, string value, params OnnxSize[] shape)
    {
        AddNode("Identity", [value], [name], []);
        _graph.Add(12, Value(name, FloatType, shape));
    }

    public ReadOnlyMemory<byte> ToModel() =>
        new OnnxMessage()
            .Add(1, FormatVersion)
            .Add(2, "Tdv.MLNet")
            .Add(7, _graph)
            .Add(8, new OnnxMessage().Add(1, "").Add(2, OperatorSet))
            .ToMemory();

    private string Unique(string prefix) => $"{prefix}_{_count++}";

    private void AddNode(string type, string[] inputs, string[] outputs, (string Name, object Value)[] attributes)
    {
        var node = new OnnxMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }

        foreach (string output in outputs)
        {
            node.Add(2, output);
        }

        node.Add(3, Unique("node")).Add(4, type);
        foreach (var (name, value) in attributes)
        {
            node.Add(5, Attribute(name, value));
        }

        _graph.Add(1, node);
    }

    private void AddConstant(string name, long[] shape, int type, byte[] data)
    {
        var tensor = new OnnxMessage();
        foreach (long size in shape)
        {
            tensor.Add(1, size);
        }

        _graph.Add(5, tensor.Add(2, type).Add(8, name).Add(9, data));
    }

    private static OnnxMessage Attribute(string name, object value)
    {
        var attribute = new OnnxMessage().Add(1, name);
        return value switch
        {
            float number => attribute.Add(2, number).Add(20, 1),
            int number => attribute.Add(3, (long)number).Add(20, 2),
            long[] numbers => numbers.Aggregate(attribute, (message, number) => message.Add(8, number)).Add(20, 7),
            _ => throw new ArgumentException($"An attribute of type {value.GetType()} is not known.", nameof(value)),
        };
    }

    private static OnnxMessage Value(string name, int type, OnnxSize[] shape)
    {
        var sizes = new OnnxMessage();
        foreach (var size in shape.Prepend(Batch))
        {
            var dimension = new OnnxMessage();
            sizes.Add(1, size.Name is null ? dimension.Add(1, size.Value) : dimension.Add(2, size.Name));
        }

        var tensor = new OnnxMessage().Add(1, type).Add(2, sizes);
        return new OnnxMessage().Add(1, name).Add(2, new OnnxMessage().Add(1, tensor));
    }
}
