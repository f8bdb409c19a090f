using Tdv.MLNet.Interop;
using Tdv.MLNet.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// A model's network in TorchSharp, made when somebody asks for it, and a copy of it in bfloat16. For one thread at a time.
/// </summary>
internal sealed class TorchNetworks : IDisposable
{
    private readonly NetworkWeights? _weights;
    private TdvNetwork? _network;
    private Device? _device;
    private TdvNetwork? _lowered;
    private Device? _loweredDevice;

    /// <summary>To be made of weights.</summary>
    public TorchNetworks(NetworkWeights weights) => _weights = weights;

    /// <summary>Takes over a network that there is already.</summary>
    public TorchNetworks(TdvNetwork network, Device device)
    {
        (_network, _device) = (network, device);
        network.eval();
    }

    /// <summary>In float32, wherever it is.</summary>
    /// <exception cref="InvalidOperationException">The application has no libtorch.</exception>
    public TdvNetwork Full
    {
        get
        {
            if (_network is null)
            {
                (_network, _device) = (Create(_weights!), CPU);
            }

            return _network;
        }
    }

    /// <summary>In float32, moved there if it is elsewhere.</summary>
    public TdvNetwork FullOn(Device device) => Move(Full, ref _device, device);

    /// <summary>In bfloat16, moved there if it is elsewhere.</summary>
    public TdvNetwork LoweredOn(Device device)
    {
        if (_lowered is null)
        {
            (_lowered, _loweredDevice) = (Create(_weights ?? NetworkWeights.Of(Full)), CPU);
            _lowered.to(ScalarType.BFloat16);
        }

        return Move(_lowered, ref _loweredDevice, device);
    }

    public void Dispose()
    {
        _network?.Dispose();
        _lowered?.Dispose();
    }

    private static TdvNetwork Create(NetworkWeights weights)
    {
        LibTorchLoader.EnsureAvailable();
        var network = weights.ToNetwork();
        network.eval();
        return network;
    }

    private static TdvNetwork Move(TdvNetwork network, ref Device? from, Device to)
    {
        if (from != to)
        {
            network.to(to);
            from = to;
        }

        return network;
    }
}
