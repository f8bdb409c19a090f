using Tdv.MLNet.Model;
using Tdv.MLNet.Onnx;

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

    private OnnxExport(NetworkWeights network, FeatureSettings settings, OnnxNames names)
    {
        _names = names;
        _settings = settings;
        _options = network.Options;
        _network = new OnnxNetwork(_graph, network.Options, Weights(network, settings));
    }

    /// <summary>For other programs: pictures as ML.NET makes them, columns by their names.</summary>
    /// <exception cref="NotSupportedException">The network has rotary positions, which only ablations use.</exception>
    public static ReadOnlyMemory<byte> ToModel(NetworkWeights network, FeatureSettings settings) =>
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
                Bytes: false
            )
        );

    /// <summary>
    /// For <see cref="OnnxEngine"/>: pictures as the library holds them, uint8, <c>[batch, height, width, 3]</c>, and the
    /// outputs asked for alone, by their names.
    /// </summary>
    /// <exception cref="NotSupportedException">The network has rotary positions, which only ablations use.</exception>
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
                Bytes: true
            )
        );

        string? Name(FeatureOutput output) => outputs.Contains(output) ? output.ToString() : null;
    }

    private static ReadOnlyMemory<byte> ToModel(NetworkWeights network, FeatureSettings settings, OnnxNames names)
    {
        if (network.Options.Position != PositionKind.Learned)
        {
            throw new NotSupportedException("Networks with rotary positions cannot be exported to ONNX.");
        }

        return new OnnxExport(network, settings, names).Write();
    }

    private ReadOnlyMemory<byte> Write()
    {
        string frame = Images(_names.Frame);
        if (_names.Grid is not null || _names.Cls is not null || _names.Attention is not null)
        {
            FrameFeatures(frame);
        }

        if (_names.Motion is { } motion)
        {
            string previous = Images(_names.Previous);
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
            var (rows, columns) = GridSize();
            string maps = _graph.Node("Reshape", [attention, _graph.Constant(0, _options.Heads, rows, columns)]);
            _graph.Output(_names.Attention!, maps, _options.Heads, rows, columns);
        }
    }

    /// <summary>Declares an input of RGB values from 0 to 255 and normalizes it.</summary>
    private string Images(string name)
    {
        string planes = _names.Bytes
            ? _graph.Node(
                "Transpose",
                [_graph.Node("Cast", [Bytes(name)], ("to", OnnxGraph.FloatType))],
                ("perm", new long[] { 0, 3, 1, 2 })
            )
            : _graph.Input(name, FramePixels.Channels, _settings.ImageHeight, _settings.ImageWidth);
        string values = _graph.Node("Div", [planes, _graph.Constant((float)byte.MaxValue)]);
        string centered = _graph.Node("Sub", [values, Channels("mean", FramePixels.Mean)]);
        return _graph.Node("Div", [centered, Channels("deviation", FramePixels.Deviation)]);
    }

    private string Bytes(string name) =>
        _graph.ByteInput(name, _settings.ImageHeight, _settings.ImageWidth, FramePixels.Channels);

    private string Channels(string name, float[] values) =>
        _graph.Constant(name, new OnnxArray([1, FramePixels.Channels, 1, 1], values));

    private void Grid(string name, string tokens, long width)
    {
        var (rows, columns) = GridSize();
        string patches = _network.Slice(tokens, 1, long.MaxValue);
        string grid = _graph.Node("Reshape", [patches, _graph.Constant(0, rows, columns, width)]);
        _graph.Output(name, grid, rows, columns, width);
    }

    private (long Rows, long Columns) GridSize() =>
        (_settings.ImageHeight / _options.PatchSize, _settings.ImageWidth / _options.PatchSize);

    private static Dictionary<string, OnnxArray> Weights(NetworkWeights network, FeatureSettings settings)
    {
        var options = network.Options;
        var weights = network.Network.ToDictionary(
            array => array.Name,
            array => new OnnxArray(array.Shape, array.Values)
        );
        Resize("frame_encoder.pos_embed", options.ImageSize, antialiased: options.Registers > 0);
        if (options.MotionDepth > 0)
        {
            Resize("motion_encoder.pos_embed", options.TrainingSize, antialiased: false);
        }

        return weights;

        void Resize(string name, int stored, bool antialiased)
        {
            int rows = settings.ImageHeight / options.PatchSize;
            int columns = settings.ImageWidth / options.PatchSize;
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
