using System.Text.Json;
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
    private const string OptionsKey = "tdv.network";
    private readonly TrainingState? _state;
    private readonly object _lock = new();
    private Device _device = CPU;

    private TdvModel(TdvNetwork network, TrainingState? state)
    {
        Network = network;
        _state = state;
        network.eval();
    }

    /// <summary>Edge of a patch in pixels.</summary>
    public int PatchSize => Network.Options.PatchSize;

    /// <summary>Height and width in pixels of the frames that the network was trained on.</summary>
    public int ImageSize => Network.Options.ImageSize;

    /// <summary>Width D of each feature.</summary>
    public int Dimension => Network.Options.Dimension;

    /// <summary>Blocks of the frame encoder.</summary>
    public int Depth => Network.Options.Depth;

    /// <summary>Whether the model has a motion encoder, and hence motion features.</summary>
    public bool HasMotionEncoder => Network.Options.MotionDepth > 0;

    /// <summary>Parameters of frame encoder, motion encoder and the projection behind it.</summary>
    public long ParameterCount => Network.parameters().Sum(parameter => parameter.numel());

    internal TdvNetwork Network { get; }

    /// <summary>An untrained network, the baseline that a trained one has to beat.</summary>
    /// <param name="preset">The size of the network.</param>
    /// <param name="seed">Seed of the random weights.</param>
    public static TdvModel Create(TdvPreset preset, int seed)
    {
        LibTorchLoader.EnsureAvailable();
        using var init = new Initialization(seed);
        return new TdvModel(new TdvNetwork(Recipe.NetworkOf(preset), init), null);
    }

    /// <summary>Reads weights from a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">
    /// The file is damaged or not a TDV model; every missing or misshapen tensor is named.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static TdvModel Load(string path)
    {
        LibTorchLoader.EnsureAvailable();
        using var file = SafetensorsFile.Open(path);
        var options = ParseOptions(file.Metadata, $"'{path}'");
        bool whole = file.Tensors.Keys.Any(name => name.StartsWith("teacher_", StringComparison.Ordinal));
        var state = whole ? new TrainingState(options, seed: 0) : null;
        using var init = new Initialization(0);
        var network = state?.Network ?? new TdvNetwork(options, init);
        Fill(
            state?.NamedTensors() ?? Named(network),
            name => file.Tensors.TryGetValue(name, out var tensor) ? [.. tensor.Shape] : null,
            file.CopyTo,
            $"'{path}'"
        );
        return new TdvModel(network, state);
    }

    /// <summary>
    /// Writes the weights as safetensors, whole or not at all. Tensors bear the official code's names; after a training
    /// teacher, heads and centers are there too.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        lock (_lock)
        {
            Safetensors.Write(path, _state?.NamedTensors() ?? Named(Network), Metadata());
        }
    }

    /// <summary>Frees the weights. Transformers made from this model no longer work.</summary>
    public void Dispose()
    {
        Network.Dispose();
        _state?.Dispose();
    }

    /// <summary>The model that a training leaves behind; it owns the state.</summary>
    internal static TdvModel FromTraining(TrainingState state) =>
        new(state.Network, state) { _device = state.Center.device };

    /// <summary>The network's weights alone, as a safetensors file in memory.</summary>
    internal byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        lock (_lock)
        {
            Safetensors.Write(stream, Named(Network), Metadata());
        }

        return stream.ToArray();
    }

    internal static TdvModel FromBytes(byte[] bytes, string source)
    {
        LibTorchLoader.EnsureAvailable();
        var tensors = Safetensors.Read(new MemoryStream(bytes), source, out var metadata);
        try
        {
            using var init = new Initialization(0);
            var network = new TdvNetwork(ParseOptions(metadata, source), init);
            Fill(
                Named(network),
                name => tensors.TryGetValue(name, out var tensor) ? tensor.shape : null,
                (name, target) => target.copy_(tensors[name]),
                source
            );
            return new TdvModel(network, null);
        }
        finally
        {
            foreach (var tensor in tensors.Values)
            {
                tensor.Dispose();
            }
        }
    }

    /// <summary>The network on a device, moved there if it is elsewhere.</summary>
    internal TdvNetwork On(Device device)
    {
        lock (_lock)
        {
            if (_device != device)
            {
                Network.to(device);
                _device = device;
            }

            return Network;
        }
    }

    private static IEnumerable<(string Name, Tensor Tensor)> Named(TdvNetwork network) =>
        network.named_parameters().Select(p => (p.name, (Tensor)p.parameter));

    private static void Fill(
        IEnumerable<(string Name, Tensor Tensor)> targets,
        Func<string, long[]?> shapeOf,
        Action<string, Tensor> copy,
        string source
    )
    {
        var list = targets.ToList();
        var faults = list.Select(target => (target.Name, Expected: target.Tensor.shape, Found: shapeOf(target.Name)))
            .Where(target => target.Found is null || !target.Expected.SequenceEqual(target.Found))
            .Select(target =>
                $"'{target.Name}' should be {Format(target.Expected)} but is {(target.Found is null ? "missing" : Format(target.Found))}"
            )
            .ToList();
        if (faults.Count > 0)
        {
            throw new InvalidDataException($"{source} does not fit the network: {string.Join("; ", faults)}.");
        }

        using var gradients = no_grad();
        foreach (var (name, tensor) in list)
        {
            copy(name, tensor);
        }
    }

    private static string Format(long[] shape) => $"[{string.Join(", ", shape)}]";

    private static NetworkOptions ParseOptions(IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(OptionsKey, out string? json))
        {
            throw new InvalidDataException(
                $"{source} is a safetensors file without a TDV network's description ('{OptionsKey}')."
            );
        }

        try
        {
            return JsonSerializer.Deserialize<NetworkOptions>(json)!;
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(
                $"{source} describes its network in a way that this version cannot read.",
                exception
            );
        }
    }

    private Dictionary<string, string> Metadata() =>
        new() { [OptionsKey] = JsonSerializer.Serialize(Network.Options), ["format"] = "tdv" };
}
