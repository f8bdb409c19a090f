using Tdv.MLNet.Imaging;
using Tdv.MLNet.Model;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Featurizing;

/// <summary>Writes what a <see cref="TdvKernel"/> computes as an ONNX graph.</summary>
internal sealed class OnnxExport
{
    /// <summary>Inputs of the graph for <see cref="OnnxEngine"/>.</summary>
    public const string Frame = "Frame";
    public const string Previous = "Previous";
    private readonly FeatureSettings _settings;
    private readonly NetworkOptions _options;
    private readonly OnnxGraph _graph = new();
    private readonly OnnxNetwork _network;

    /// <summary>Inputs are uint8, colors last; else float32, colors first.</summary>
    private readonly bool _bytes;

    /// <summary>Height and width are known only when the graph runs.</summary>
    private readonly bool _anySize;

    /// <summary>Patches along the height and along the width, int64, <c>[1]</c>, where any size is possible.</summary>
    private readonly string _rows = "";
    private readonly string _columns = "";
    private readonly FeatureLayout _layout;
    private readonly string _frame;
    private readonly string _previous;
    private readonly Lazy<(IReadOnlyList<string> Layers, string? Attention)> _encoded;

    private OnnxExport(
        NetworkWeights network,
        FeatureSettings settings,
        IReadOnlyDictionary<FeatureOutput, string> outputs,
        (string Frame, string Previous) inputs,
        bool bytes,
        bool anySize
    )
    {
        network.RequireFinite("The model");
        _settings = settings;
        _options = network.Options;
        _bytes = bytes;
        _anySize = anySize;
        string pixels = Input(inputs.Frame);
        if (anySize)
        {
            (_rows, _columns) = (Patches(pixels, 2), Patches(pixels, 3));
        }

        _layout = anySize
            ? FeatureLayout.Of("gridHeight", "gridWidth", settings, _options)
            : FeatureLayout.Of(settings, _options);
        _network = new OnnxNetwork(
            _graph,
            _options,
            Weights(network, anySize ? null : settings),
            anySize ? new OnnxPositions(_graph, _rows, _columns) : null
        );
        _frame = Normalized(pixels);
        _previous = outputs.Keys.Any(output => output.NeedsPrevious) ? Normalized(Input(inputs.Previous)) : "";
        bool attention = outputs.ContainsKey(FeatureOutput.Attention);
        _encoded = new(() => _network.EncodeFrame(_frame, settings.Layers, attention));
        foreach (var (output, name) in outputs)
        {
            Add(name, output.Onnx(this), output.Shape(_layout));
        }
    }

    /// <summary><c>[batch, 1+N, layers·D]</c></summary>
    public string Tokens =>
        _encoded.Value.Layers is [var one] ? one : _graph.Node("Concat", [.. _encoded.Value.Layers], ("axis", -1));

    /// <summary>Δz since the frames before, <c>[batch, 1+N, D]</c>.</summary>
    public string Motion
    {
        get
        {
            string difference = _graph.Node("Sub", [_frame, _previous]);
            string start = _network.EncodeFrame(_previous, [_options.Depth]).Layers[0];
            return _network.EncodeMotion(difference, start);
        }
    }

    /// <summary>Of CLS to the patches, <c>[batch, heads, 1, N]</c>.</summary>
    public string Attention => _encoded.Value.Attention!;

    /// <summary>For other programs: pictures as ML.NET makes them, columns by their names.</summary>
    public static ReadOnlyMemory<byte> ToModel(NetworkWeights network, FeatureSettings settings, bool anySize) =>
        new OnnxExport(
            network,
            settings,
            settings.Outputs.ToDictionary(output => output, output => settings.ColumnOf(output)!),
            (settings.InputColumn, settings.PreviousColumn),
            bytes: false,
            anySize
        )._graph.ToModel();

    /// <summary>
    /// For <see cref="OnnxEngine"/>: pictures as the library holds them, uint8, <c>[batch, height, width, 3]</c>, and the
    /// outputs asked for alone, by their settings' names.
    /// </summary>
    public static ReadOnlyMemory<byte> ToModel(
        NetworkWeights network,
        FeatureSettings settings,
        IReadOnlyList<FeatureOutput> outputs
    ) =>
        new OnnxExport(
            network,
            settings,
            outputs.ToDictionary(output => output, output => output.Setting),
            (Frame, Previous),
            bytes: true,
            anySize: false
        )._graph.ToModel();

    /// <summary>Without CLS.</summary>
    public string Patches(string tokens) => _network.Slice(tokens, 1, long.MaxValue);

    /// <summary>CLS alone, <c>[batch, 1, D]</c>.</summary>
    public string Cls(string tokens) => _network.Slice(tokens, 0, 1);

    /// <summary>Reshapes and declares an output; the batch stays as it is.</summary>
    private void Add(string name, string values, OnnxSize[] shape)
    {
        string whole = _graph.Node("Concat", [Number(0), .. shape.Select(Size)], ("axis", 0));
        _graph.Output(name, _graph.Node("Reshape", [values, whole]), shape);
    }

    /// <summary>A dimension in the graph. Only where used: of a constant left over, ONNX Runtime warns.</summary>
    private string Size(OnnxSize size) =>
        size.Name is null ? Number(size.Value)
        : size == _layout.Rows ? _rows
        : _columns;

    /// <summary>Declares an input of RGB values from 0 to 255.</summary>
    private string Input(string name)
    {
        OnnxSize height = _anySize ? "height" : _settings.ImageHeight;
        OnnxSize width = _anySize ? "width" : _settings.ImageWidth;
        return _bytes
            ? _graph.Input(name, OnnxGraph.ByteType, height, width, FramePixels.Channels)
            : _graph.Input(name, OnnxGraph.FloatType, FramePixels.Channels, height, width);
    }

    private string Normalized(string pixels)
    {
        string planes = _bytes
            ? _graph.Node(
                "Transpose",
                [_graph.Node("Cast", [pixels], ("to", OnnxGraph.FloatType))],
                ("perm", new long[] { 0, 3, 1, 2 })
            )
            : pixels;
        string values = _graph.Node("Div", [planes, _graph.Constant((float)byte.MaxValue)]);
        string centered = _graph.Node("Sub", [values, Channels("mean", FramePixels.Mean)]);
        return _graph.Node("Div", [centered, Channels("deviation", FramePixels.Deviation)]);
    }

    private string Patches(string planes, long axis)
    {
        string shape = _graph.Node("Shape", [planes]);
        string pixels = _graph.Node("Slice", [shape, _graph.Constant([axis]), _graph.Constant([axis + 1])]);
        return _graph.Node("Div", [pixels, Number(_options.PatchSize)]);
    }

    private string Channels(string name, float[] values) =>
        _graph.Constant(name, new OnnxArray([1, FramePixels.Channels, 1, 1], values));

    private string Number(long value) => _graph.Constant([value]);

    /// <param name="network">The network.</param>
    /// <param name="size">Whose image size position embeddings are resized to; null: they stay as stored.</param>
    private static Dictionary<string, OnnxArray> Weights(NetworkWeights network, FeatureSettings? size)
    {
        var options = network.Options;
        var weights = network.Network.ToDictionary(
            array => array.Name,
            array => new OnnxArray(array.Shape, array.Values)
        );
        if (size is null)
        {
            return weights;
        }

        Resize("frame_encoder.pos_embed", options.ImageSize, antialiased: options.Registers > 0);
        if (options.MotionDepth > 0)
        {
            Resize("motion_encoder.pos_embed", options.TrainingSize, antialiased: false);
        }

        return weights;

        void Resize(string name, int stored, bool antialiased)
        {
            int rows = size.ImageHeight / options.PatchSize;
            int columns = size.ImageWidth / options.PatchSize;
            float[] values = PositionGrid.Resize(
                weights[name].Values,
                stored / options.PatchSize,
                rows,
                columns,
                antialiased
            );
            weights[name] = new OnnxArray([1, 1 + (rows * columns), options.Dimension], values);
        }
    }
}
