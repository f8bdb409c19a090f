using Microsoft.ML.OnnxRuntime;
using Tdv.MLNet.Interop;
using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>The weights of a TDV network, apart from any ML.NET pipeline: to be shared, saved and reused.</summary>
public sealed class TdvModel : IDisposable
{
    private readonly TrainingState? _state;
    private readonly object _lock = new();
    private readonly UseCount _uses;
    private readonly OnnxSessions _sessions = new();
    private readonly NetworkWeights? _weights;
    private TdvNetwork? _network;
    private Device? _device;

    /// <summary>Of a network, or of its weights alone: then there is a network as soon as TorchSharp needs one.</summary>
    private TdvModel(NetworkOptions options, TdvNetwork? network, TrainingState? state, NetworkWeights? weights)
    {
        Options = options;
        _network = network;
        _device = network is null ? null : state?.Center.device ?? CPU;
        _state = state;
        _weights = weights;
        _uses = new UseCount(
            nameof(TdvModel),
            "It goes with the transformer that owns it, and that with a PredictionEngine made of it: dispose them after "
                + "their last use, and share a transformer with PredictionEngineOptions { OwnsTransformer = false }.",
            Free
        );
        network?.eval();
    }

    /// <summary>Edge of a patch in pixels.</summary>
    public int PatchSize => Options.PatchSize;

    /// <summary>Height and width in pixels of the frames that the network was trained on.</summary>
    public int ImageSize => Options.TrainingSize;

    /// <summary>Width D of each feature.</summary>
    public int Dimension => Options.Dimension;

    /// <summary>Blocks of the frame encoder.</summary>
    public int Depth => Options.Depth;

    /// <summary>Whether the model has a motion encoder, and hence motion features.</summary>
    public bool HasMotionEncoder => Options.MotionDepth > 0;

    /// <summary>Parameters of frame encoder, motion encoder and the projection behind it.</summary>
    public long ParameterCount =>
        NetworkWeights.Shapes(Options).Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size));

    internal NetworkOptions Options { get; }

    /// <summary>The network in TorchSharp, made at the first call.</summary>
    /// <exception cref="InvalidOperationException">The application has no libtorch.</exception>
    internal TdvNetwork Network
    {
        get
        {
            lock (_lock)
            {
                if (_network is null)
                {
                    LibTorchLoader.EnsureAvailable();
                    _network = _weights!.ToNetwork();
                    _network.eval();
                    _device = CPU;
                }

                return _network;
            }
        }
    }

    /// <summary>An untrained network, the baseline that a trained one has to beat.</summary>
    /// <param name="preset">The size of the network.</param>
    /// <param name="seed">Seed of the random weights.</param>
    public static TdvModel Create(TdvPreset preset, int seed) => Create(Recipe.NetworkOf(preset), seed);

    /// <summary>The same of any dimensions.</summary>
    internal static TdvModel Create(NetworkOptions options, int seed)
    {
        LibTorchLoader.EnsureAvailable();
        using var init = new Initialization(seed);
        return new TdvModel(options, new TdvNetwork(options, init), null, null);
    }

    /// <summary>
    /// Reads weights, ours or others': what <see cref="Save"/> wrote, an official TDV checkpoint (<c>.ckpt</c>,
    /// <c>.pth</c>, <c>.safetensors</c>; student or teacher), or DINOv2's (<c>dinov2_vits14_pretrain.pth</c> and its
    /// siblings, which are a frame encoder alone). The content decides, not the file's name. Nothing in a checkpoint is
    /// executed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the file does not tell by itself. Default: the student, the usual number of heads.</param>
    /// <exception cref="InvalidDataException">
    /// The file is damaged, refused or of another kind; every tensor that is missing or has another shape than expected
    /// is named.
    /// </exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static TdvModel Load(string path, TdvLoadOptions? options = null)
    {
        using var file = WeightsFile.Open(path);
        return From(WeightsReader.Read(file, options ?? new()));
    }

    /// <summary>
    /// Writes the weights by the official code's names, whole or not at all: for <c>.pth</c> and <c>.pt</c> as a state
    /// dict that Python's <c>torch.load</c> reads, else as safetensors. Only the latter also keeps what no tensor tells:
    /// the number of heads, and whether CLS is attended. After a training teacher, heads and centers are there too.
    /// </summary>
    /// <exception cref="ArgumentException">The file's name ends in <c>.ckpt</c>, Lightning's own format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public void Save(string path)
    {
        using var use = Use();
        string extension = Path.GetExtension(path);
        if (Is(".ckpt"))
        {
            throw new ArgumentException(
                $"'{path}': only Lightning writes .ckpt files. Choose .safetensors, .pth or .pt.",
                nameof(path)
            );
        }

        lock (_lock)
        {
            var tensors = _weights?.All.Select(TensorSource.Of) ?? Tensors(_state?.NamedTensors());
            AtomicFile.Write(
                path,
                stream =>
                {
                    if (Is(".pth") || Is(".pt"))
                    {
                        TorchCheckpoint.Write(stream, tensors);
                    }
                    else
                    {
                        Safetensors.Write(stream, tensors, NetworkDescription.Write(Options));
                    }
                }
            );
        }

        bool Is(string other) => extension.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Writes an ONNX model, whole or not at all, that computes what <c>TdvFeaturize</c> with the same options adds to
    /// resized frames. Any batch size; the image size is fixed. Inputs: <c>Frame</c> and, for motion, the previous
    /// frame's column, float32 RGB from 0 to 255, <c>[batch, 3, ImageHeight, ImageWidth]</c>, as ML.NET's
    /// <c>ExtractPixels</c> makes them; the graph normalizes. Outputs: <c>Features</c>, <c>[batch, gridHeight,
    /// gridWidth, layers·D]</c>, and the CLS and motion columns that the options name, each with a batch before its shape.
    /// Standard operators alone (set 17).
    /// </summary>
    /// <param name="path">The file to write.</param>
    /// <param name="features">Image size, layers and outputs; <see cref="TdvFeatureOptions.BatchSize"/> is not used.</param>
    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportOnnx(string path, TdvFeatureOptions? features = null)
    {
        using var use = Use();
        var settings = FeatureSettings.From(features ?? new(), "Features", "Frame", Options);
        ReadOnlyMemory<byte> bytes;
        lock (_lock)
        {
            bytes = OnnxExport.ToModel(Plain(), settings);
        }

        AtomicFile.Write(path, stream => stream.Write(bytes.Span));
    }

    /// <summary>
    /// Frees the weights, after the calls that are running. Transformers made from this model no longer work: they throw
    /// <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose() => _uses.Dispose();

    /// <summary>Keeps the weights from being freed until the lease is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    internal UseCount.Lease Use() => _uses.Enter();

    /// <summary>The model that a training leaves behind; it owns the state.</summary>
    internal static TdvModel FromTraining(TrainingState state) =>
        new(state.Network.Options, state.Network, state, null);

    /// <summary>The network's weights alone, as a safetensors file in memory.</summary>
    internal byte[] ToBytes()
    {
        using var use = Use();
        using var stream = new MemoryStream();
        lock (_lock)
        {
            var tensors = _weights?.Network.Select(TensorSource.Of) ?? Tensors(null);
            Safetensors.Write(stream, tensors, NetworkDescription.Write(Options));
        }

        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    internal static TdvModel FromBytes(byte[] bytes, string source)
    {
        using var file = SafetensorsFile.Open(new MappedBytes(bytes, source));
        return From(WeightsReader.Read(file, new()));
    }

    /// <summary>Copies the frame encoder's weights into one of the same dimensions, wherever it is.</summary>
    internal void CopyFrameEncoderTo(VisionTransformer target)
    {
        using var use = Use();
        lock (_lock)
        {
            using var gradients = no_grad();
            foreach (var (to, from) in target.parameters().Zip(Network.FrameEncoder.parameters()))
            {
                to.copy_(from);
            }
        }
    }

    /// <summary>The network on a device, moved there if it is elsewhere.</summary>
    internal TdvNetwork On(Device device)
    {
        lock (_lock)
        {
            var network = Network;
            if (_device != device)
            {
                network.to(device);
                _device = device;
            }

            return network;
        }
    }

    /// <summary>The network in ONNX Runtime, made at the first call; to be used under a lease.</summary>
    internal InferenceSession Session(
        FeatureSettings settings,
        IReadOnlyCollection<FeatureOutput> outputs,
        int threads
    ) =>
        _sessions.Get(
            settings,
            outputs,
            threads,
            () =>
            {
                lock (_lock)
                {
                    return OnnxExport.ToModel(Plain(), settings, outputs);
                }
            }
        );

    private static TdvModel From(NetworkWeights weights) => new(weights.Options, null, null, weights);

    private IEnumerable<TensorSource> Tensors(IEnumerable<(string Name, Tensor Tensor)>? all) =>
        (all ?? Network.NamedTensors()).Select(TensorSource.Of);

    private NetworkWeights Plain() => _weights ?? NetworkWeights.Of(Network);

    private void Free()
    {
        _sessions.Dispose();
        _network?.Dispose();
        _state?.Dispose();
    }
}
