using System.Runtime.InteropServices;
using Tdv.MLNet.Interop;
using Tdv.MLNet.Model;
using Tdv.MLNet.Onnx;
using Tdv.MLNet.Weights;
using static TorchSharp.torch;

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

    private OnnxExport(TdvNetwork network, FeatureSettings settings, OnnxNames names)
    {
        _names = names;
        _settings = settings;
        _options = network.Options;
        _network = new OnnxNetwork(_graph, network.Options, Weights(network, settings));
    }

    /// <summary>For other programs: pictures as ML.NET makes them, columns by their names.</summary>
    /// <exception cref="NotSupportedException">The network has rotary positions, which only ablations use.</exception>
    public static ReadOnlyMemory<byte> ToModel(TdvNetwork network, FeatureSettings settings) =>
        ToModel(
            network,
            settings,
            new OnnxNames(
                settings.InputColumn,
                settings.PreviousColumn,
                settings.OutputColumn,
                settings.ClsColumn,
                settings.MotionColumn,
                Bytes: false
            )
        );

    /// <summary>
    /// For <see cref="OnnxEngine"/>: pictures as the library holds them, uint8, <c>[batch, height, width, 3]</c>, and the
    /// outputs asked for alone, by their names.
    /// </summary>
    /// <exception cref="NotSupportedException">The network has rotary positions, which only ablations use.</exception>
    public static ReadOnlyMemory<byte> ToModel(
        TdvNetwork network,
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
                Bytes: true
            )
        );

        string? Name(FeatureOutput output) => outputs.Contains(output) ? output.ToString() : null;
    }

    private static ReadOnlyMemory<byte> ToModel(TdvNetwork network, FeatureSettings settings, OnnxNames names)
    {
        if (network.Options.Position != PositionKind.Learned)
        {
            throw new NotSupportedException("Networks with rotary positions cannot be exported to ONNX.");
        }

        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return new OnnxExport(network, settings, names).Write();
    }

    private ReadOnlyMemory<byte> Write()
    {
        string frame = Images(_names.Frame);
        if (_names.Grid is not null || _names.Cls is not null)
        {
            FrameFeatures(frame);
        }

        if (_names.Motion is { } motion)
        {
            string previous = Images(_names.Previous);
            string difference = _graph.Node("Sub", [frame, previous]);
            string start = _network.EncodeFrame(previous, [_options.Depth])[0];
            Grid(motion, _network.EncodeMotion(difference, start), _options.Dimension);
        }

        return _graph.ToModel();
    }

    private void FrameFeatures(string frame)
    {
        var layers = _network.EncodeFrame(frame, _settings.Layers);
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
        long rows = _settings.ImageHeight / _options.PatchSize;
        long columns = _settings.ImageWidth / _options.PatchSize;
        string patches = _network.Slice(tokens, 1, long.MaxValue);
        string grid = _graph.Node("Reshape", [patches, _graph.Constant(0, rows, columns, width)]);
        _graph.Output(name, grid, rows, columns, width);
    }

    private static Dictionary<string, OnnxArray> Weights(TdvNetwork network, FeatureSettings settings)
    {
        var weights = network.NamedTensors().ToDictionary(entry => entry.Name, entry => Copy(entry.Tensor));
        weights["frame_encoder.pos_embed"] = Copy(
            network.FrameEncoder.PositionFor(settings.ImageHeight, settings.ImageWidth)
        );
        if (network.MotionEncoder is { } motion)
        {
            weights["motion_encoder.pos_embed"] = Copy(motion.PositionFor(settings.ImageHeight, settings.ImageWidth));
        }

        return weights;
    }

    private static OnnxArray Copy(Tensor tensor)
    {
        using var values = new MemoryStream();
        TensorMemory.Write(tensor.to_type(ScalarType.Float32), values);
        byte[] bytes = values.GetBuffer();
        return new OnnxArray(
            tensor.shape,
            MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, (int)values.Length)).ToArray()
        );
    }
}
