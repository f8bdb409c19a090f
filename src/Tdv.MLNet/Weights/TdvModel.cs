using Microsoft.ML.OnnxRuntime;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet;

/// <summary>The weights of a TDV network, apart from any ML.NET pipeline: to be shared, saved and reused.</summary>
public sealed class TdvModel : IDisposable
{
    private readonly NetworkForms _forms;
    private readonly UseCount _uses;

    private TdvModel(NetworkForms forms)
    {
        _forms = forms;
        _uses = new UseCount(
            nameof(TdvModel),
            "It goes with the transformer that owns it, and that with a PredictionEngine made of it: dispose them after "
                + "their last use, and share a transformer with PredictionEngineOptions { OwnsTransformer = false }.",
            forms.Dispose
        );
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

    internal NetworkOptions Options => _forms.Options;

    /// <summary>The network in TorchSharp, made at the first call.</summary>
    /// <exception cref="InvalidOperationException">The application has no libtorch.</exception>
    internal TdvNetwork Network => _forms.Full;

    /// <summary>An untrained network, the baseline that a trained one has to beat.</summary>
    /// <param name="preset">The size of the network.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <exception cref="InvalidOperationException">The application has no libtorch.</exception>
    public static TdvModel Create(TdvPreset preset, int seed) => Create(Recipe.NetworkOf(preset), seed);

    /// <summary>The same of any dimensions.</summary>
    internal static TdvModel Create(NetworkOptions options, int seed)
    {
        LibTorchLoader.EnsureAvailable();
        using var init = new Initialization(seed);
        return new TdvModel(new NetworkForms(new TdvNetwork(options, init), null));
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
        return new TdvModel(new NetworkForms(WeightsReader.Read(file, options ?? new())));
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

        _forms.Read(
            training: true,
            tensors =>
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
                )
        );

        bool Is(string other) => extension.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Writes an ONNX model, whole or not at all, that computes what <c>TdvFeaturize</c> with the same options adds to
    /// resized frames. Any batch size; one image size, or any. Inputs: <c>Frame</c> and, for motion, the previous
    /// frame's column, float32 RGB from 0 to 255, <c>[batch, 3, ImageHeight, ImageWidth]</c>, as ML.NET's
    /// <c>ExtractPixels</c> makes them; the graph normalizes. Outputs: <c>Features</c>, <c>[batch, gridHeight,
    /// gridWidth, layers·D]</c>, and the CLS, motion and attention columns that the options name, each with a batch before its
    /// shape. Standard operators alone (set 17).
    /// </summary>
    /// <param name="path">The file to write.</param>
    /// <param name="features">
    /// Image size, layers and outputs. What is about computing, such as <see cref="TdvFeatureOptions.BatchSize"/>, is not
    /// used.
    /// </param>
    /// <param name="dynamicSize">
    /// Takes frames of any height and width, multiples of the patch size; <see cref="TdvFeatureOptions.ImageHeight"/> and
    /// <see cref="TdvFeatureOptions.ImageWidth"/> are not used then. Default: one size.
    /// </param>
    /// <exception cref="ArgumentException">Options that do not fit the network, all of them in one message.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void ExportOnnx(string path, TdvFeatureOptions? features = null, bool dynamicSize = false)
    {
        using var use = Use();
        var settings = FeatureSettings.From(features ?? new(), "Features", "Frame", Options);
        var bytes = OnnxExport.ToModel(_forms.Plain(), settings, dynamicSize);
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
    internal static TdvModel FromTraining(TrainingState state) => new(new NetworkForms(state.Network, state));

    /// <summary>The network's weights alone, as a safetensors file in memory.</summary>
    internal byte[] ToBytes()
    {
        using var use = Use();
        using var stream = new MemoryStream();
        var description = NetworkDescription.Write(Options);
        _forms.Read(training: false, tensors => Safetensors.Write(stream, tensors, description));
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    internal static TdvModel FromBytes(byte[] bytes, string source)
    {
        using var file = SafetensorsFile.Open(new MappedBytes(bytes, source));
        return new TdvModel(new NetworkForms(WeightsReader.Read(file, new())));
    }

    /// <summary>Copies the frame encoder's weights into one of the same dimensions, wherever it is.</summary>
    internal void CopyFrameEncoderTo(VisionTransformer target)
    {
        using var use = Use();
        _forms.CopyFrameEncoderTo(target);
    }

    /// <summary>The network on a device, moved there if it is elsewhere.</summary>
    internal TdvNetwork On(Device device) => _forms.FullOn(device);

    /// <summary>A copy of the network in bfloat16 on a device, made at the first call.</summary>
    internal TdvNetwork LoweredOn(Device device) => _forms.LoweredOn(device);

    /// <summary>The network in ONNX Runtime, made at the first call; to be used under a lease.</summary>
    internal InferenceSession Session(
        FeatureSettings settings,
        IReadOnlyCollection<FeatureOutput> outputs,
        int threads
    ) => _forms.Session(settings, outputs, threads);
}
