using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>
/// A model's network in every form that somebody asks for, each made when it is: plain numbers, and a network of TorchSharp
/// for each device and type of numbers. A network that was handed out stays where it is, since others may be using it. For
/// any number of threads.
/// </summary>
internal sealed class NetworkForms : IDisposable
{
    private readonly object _lock = new();
    private readonly NetworkWeights? _weights;
    private readonly TrainingState? _state;
    private readonly Dictionary<(string Device, ScalarType Type), TdvNetwork> _networks = [];

    /// <summary>The one that others are copies of, wherever it is; null before there is one.</summary>
    private TdvNetwork? _first;

    /// <summary>Of weights alone: TorchSharp's networks are made of them.</summary>
    public NetworkForms(NetworkWeights weights)
    {
        Options = weights.Options;
        _weights = weights;
    }

    /// <summary>Takes over a network that there is already, and what it was trained with.</summary>
    public NetworkForms(TdvNetwork network, TrainingState? state)
    {
        Options = network.Options;
        _state = state;
        network.eval();
        _first = network;
        _networks.Add(Key(state?.Center.device ?? CPU, ScalarType.Float32), network);
    }

    public NetworkOptions Options { get; }

    /// <summary>In float32, wherever it is.</summary>
    /// <exception cref="InvalidOperationException">The application has no libtorch.</exception>
    public TdvNetwork Full
    {
        get
        {
            lock (_lock)
            {
                return _first ??= On(CPU, ScalarType.Float32);
            }
        }
    }

    /// <summary>On a device and of a type.</summary>
    /// <exception cref="InvalidOperationException">The application has no libtorch.</exception>
    public TdvNetwork On(Device device, ScalarType type)
    {
        lock (_lock)
        {
            var key = Key(device, type);
            if (!_networks.TryGetValue(key, out var network))
            {
                LibTorchLoader.EnsureAvailable();
                network = Plain().ToNetwork();
                network.eval();
                network.to(device, type);
                _networks.Add(key, network);
            }

            return network;
        }
    }

    /// <summary>The weights as numbers; a copy if they are TorchSharp's.</summary>
    public NetworkWeights Plain()
    {
        lock (_lock)
        {
            return _weights ?? NetworkWeights.Of(Full);
        }
    }

    /// <summary>Hands out the tensors.</summary>
    /// <param name="training">With what a training needs beyond the network, if that is there.</param>
    public IEnumerable<TensorSource> Tensors(bool training) =>
        _weights is not null ? (training ? _weights.All : _weights.Network).Select(TensorSource.Of)
        : training && _state is not null ? _state.NamedTensors().Select(TensorSource.Of)
        : Full.NamedTensors().Select(TensorSource.Of);

    public void Dispose()
    {
        foreach (var network in _networks.Values)
        {
            network.Dispose();
        }

        _state?.Dispose();
    }

    private static (string Device, ScalarType Type) Key(Device device, ScalarType type) => (device.ToString(), type);
}
