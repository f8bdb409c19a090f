using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
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
    public static TdvModel Create(TdvPreset preset, int seed) => Create(NetworkPresets.Of(preset), seed);

    /// <summary>The same of any dimensions.</summary>
    internal static TdvModel Create(NetworkOptions options, int seed)
    {
        LibTorchLoader.EnsureAvailable();
        using var init = new Initialization(seed);
        return new TdvModel(new NetworkForms(new TdvNetwork(options, init), null));
    }

    /// <summary>
    /// Reads weights, ours or others': what <see cref="Save(string)"/> wrote, an official TDV checkpoint (<c>.ckpt</c>,
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
        ArgumentNullException.ThrowIfNull(path);
        return Load(WeightsFile.Open(path), options);
    }

    /// <summary>Reads weights from a stream, to its end; in all else as <see cref="Load(string, TdvLoadOptions?)"/>.</summary>
    /// <param name="stream">From where it stands. It stays open.</param>
    /// <param name="options">What the file does not tell by itself. Default: the student, the usual number of heads.</param>
    /// <exception cref="InvalidDataException">The content is damaged, refused or of another kind.</exception>
    public static TdvModel Load(Stream stream, TdvLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Load(
            WeightsFile.Of(new MappedBytes(bytes.ToArray(), (stream as FileStream)?.Name ?? "the stream")),
            options
        );
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
        ArgumentNullException.ThrowIfNull(path);
        string extension = Path.GetExtension(path);
        if (Is(".ckpt"))
        {
            throw new ArgumentException(
                $"'{path}': only Lightning writes .ckpt files. Choose .safetensors, .pth or .pt.",
                nameof(path)
            );
        }

        using var use = Use();
        AtomicFile.Write(
            path,
            stream =>
            {
                if (Is(".pth") || Is(".pt"))
                {
                    TorchCheckpoint.Write(stream, _forms.Tensors(training: true));
                }
                else
                {
                    Save(stream);
                }
            }
        );

        bool Is(string other) => extension.Equals(other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Writes the weights as safetensors, as <see cref="Save(string)"/> does. The stream stays open.</summary>
    /// <exception cref="IOException">The stream cannot be written to.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Write(stream, training: true);
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

    /// <summary>Another model of the same weights, to be disposed of by itself.</summary>
    internal TdvModel Share() => new(new NetworkForms(_forms.Plain()));

    /// <summary>The network's weights alone, as a safetensors file in memory.</summary>
    internal byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream, training: false);
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    internal static TdvModel FromBytes(byte[] bytes, string source) =>
        Load(SafetensorsFile.Open(new MappedBytes(bytes, source)), null);

    /// <summary>Copies the frame encoder's weights into one of the same dimensions, wherever it is.</summary>
    internal void CopyFrameEncoderTo(VisionTransformer target)
    {
        using var use = Use();
        using var gradients = no_grad();
        foreach (var (to, from) in target.parameters().Zip(Network.FrameEncoder.parameters()))
        {
            to.copy_(from);
        }
    }

    /// <summary>The weights as numbers; to be asked for under a lease.</summary>
    internal NetworkWeights Plain() => _forms.Plain();

    /// <summary>The network on a device, in float32 or another type; it stays there. To be used under a lease.</summary>
    internal TdvNetwork On(Device device, ScalarType type = ScalarType.Float32) => _forms.On(device, type);

    private static TdvModel Load(WeightsFile file, TdvLoadOptions? options)
    {
        using (file)
        {
            return new TdvModel(new NetworkForms(WeightsReader.Read(file, options ?? new())));
        }
    }

    private void Write(Stream stream, bool training)
    {
        using var use = Use();
        Safetensors.Write(stream, _forms.Tensors(training), NetworkDescription.Write(Options));
    }
}
