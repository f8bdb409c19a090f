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
    private readonly OnnxNames _names;
    private readonly NetworkOptions _options;
    private readonly OnnxGraph _graph = new();
    private readonly OnnxNetwork _network;
    private readonly string _frame;

    /// <summary>Patches along the height and along the width, int64, <c>[1]</c>, where any size is possible.</summary>
    private readonly string _rows;
    private readonly string _columns;

    private OnnxExport(NetworkWeights network, FeatureSettings settings, OnnxNames names)
    {
        _names = names;
        _settings = settings;
        _options = network.Options;
        _frame = Input(names.Frame);
        (_rows, _columns) = names.AnySize ? (Patches(_frame, 2), Patches(_frame, 3)) : ("", "");
        _network = new OnnxNetwork(
            _graph,
            network.Options,
            Weights(network, names.AnySize ? null : settings),
            names.AnySize ? new OnnxPositions(_graph, _rows, _columns) : null
        );
    }

    /// <summary>For other programs: pictures as ML.NET makes them, columns by their names.</summary>
    public static ReadOnlyMemory<byte> ToModel(NetworkWeights network, FeatureSettings settings, bool anySize) =>
        ToModel(
            network,
            settings,
            new OnnxNames(
                settings.InputColumn,
                settings.PreviousColumn,
                settings.OutputColumn,
                settings.ClsColumn,
                settings.MotionColumn,
                settings.AttentionColumn,
                Bytes: false,
                anySize
            )
        );

    /// <summary>
    /// For <see cref="OnnxEngine"/>: pictures as the library holds them, uint8, <c>[batch, height, width, 3]</c>, and the
    /// outputs asked for alone, by their names.
    /// </summary>
    public static ReadOnlyMemory<byte> ToModel(
        NetworkWeights network,
        FeatureSettings settings,
        IReadOnlyCollection<FeatureOutput> outputs
    )
    {
        return ToModel(
            network,
            settings,
            new OnnxNames(
                Frame,
                Previous,
                Name(FeatureOutput.Grid),
                Name(FeatureOutput.Cls),
                Name(FeatureOutput.Motion),
                Name(FeatureOutput.Attention),
                Bytes: true,
                AnySize: false
            )
        );

        string? Name(FeatureOutput output) => outputs.Contains(output) ? output.ToString() : null;
    }

    private static ReadOnlyMemory<byte> ToModel(NetworkWeights network, FeatureSettings settings, OnnxNames names) =>
        new OnnxExport(network, settings, names).Write();

    private ReadOnlyMemory<byte> Write()
    {
        string frame = Normalized(_frame);
        if (_names.Grid is not null || _names.Cls is not null || _names.Attention is not null)
        {
            FrameFeatures(frame);
        }

        if (_names.Motion is { } motion)
        {
            string previous = Normalized(Input(_names.Previous));
            string difference = _graph.Node("Sub", [frame, previous]);
            string start = _network.EncodeFrame(previous, [_options.Depth]).Layers[0];
            Grid(motion, _network.EncodeMotion(difference, start), _options.Dimension);
        }

        return _graph.ToModel();
    }

    private void FrameFeatures(string frame)
    {
        var (layers, attention) = _network.EncodeFrame(frame, _settings.Layers, _names.Attention is not null);
        string tokens = layers.Count == 1 ? layers[0] : _graph.Node("Concat", [.. layers], ("axis", -1));
        long width = layers.Count * _options.Dimension;
        if (_names.Grid is { } grid)
        {
            Grid(grid, tokens, width);
        }

        if (_names.Cls is { } cls)
        {
            string first = _network.Slice(tokens, 0, 1);
            _graph.Output(cls, _graph.Node("Squeeze", [first, _graph.Constant([1L])]), width);
        }

        if (attention is not null)
        {
            string[] sizes = [Number(_options.Heads), .. GridConstants()];
            Output(_names.Attention!, attention, sizes, [_options.Heads, .. GridSize()]);
        }
    }

    /// <summary>Declares an input of RGB values from 0 to 255.</summary>
    private string Input(string name)
    {
        OnnxSize height = _names.AnySize ? "height" : _settings.ImageHeight;
        OnnxSize width = _names.AnySize ? "width" : _settings.ImageWidth;
        return _names.Bytes
            ? _graph.ByteInput(name, height, width, FramePixels.Channels)
            : _graph.Input(name, FramePixels.Channels, height, width);
    }

    private string Normalized(string pixels)
    {
        string planes = _names.Bytes
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

    private void Grid(string name, string tokens, long width)
    {
        string patches = _network.Slice(tokens, 1, long.MaxValue);
        Output(name, patches, [.. GridConstants(), Number(width)], [.. GridSize(), width]);
    }

    /// <summary>Reshapes and declares an output; the batch stays as it is.</summary>
    private void Output(string name, string values, string[] sizes, OnnxSize[] shape)
    {
        string whole = _graph.Node("Concat", [Number(0), .. sizes], ("axis", 0));
        _graph.Output(name, _graph.Node("Reshape", [values, whole]), shape);
    }

    private string Number(long value) => _graph.Constant([value]);

    /// <summary>The grid's height and width in the graph. Only where used: of a constant left over, ONNX Runtime warns.</summary>
    private string[] GridConstants() =>
        _names.AnySize
            ? [_rows, _columns]
            : [Number(_settings.ImageHeight / _options.PatchSize), Number(_settings.ImageWidth / _options.PatchSize)];

    private OnnxSize[] GridSize() =>
        _names.AnySize
            ? ["gridHeight", "gridWidth"]
            : [_settings.ImageHeight / _options.PatchSize, _settings.ImageWidth / _options.PatchSize];

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
