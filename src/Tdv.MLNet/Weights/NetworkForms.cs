using Microsoft.ML.OnnxRuntime;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Model;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>
/// A model's network in every form that somebody asks for, each made when it is: plain numbers, TorchSharp's network, a
/// copy of it in bfloat16, sessions of ONNX Runtime. For any number of threads.
/// </summary>
internal sealed class NetworkForms : IDisposable
{
    private readonly object _lock = new();
    private readonly OnnxSessions _sessions = new();
    private readonly NetworkWeights? _weights;
    private readonly TrainingState? _state;
    private TdvNetwork? _network;
    private Device? _device;
    private TdvNetwork? _lowered;
    private Device? _loweredDevice;

    /// <summary>Of weights alone: TorchSharp's network is made of them.</summary>
    public NetworkForms(NetworkWeights weights)
    {
        Options = weights.Options;
        _weights = weights;
    }

    /// <summary>Takes over a network that there is already, and what it was trained with.</summary>
    public NetworkForms(TdvNetwork network, TrainingState? state)
    {
        Options = network.Options;
        (_network, _state, _device) = (network, state, state?.Center.device ?? CPU);
        network.eval();
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
                if (_network is null)
                {
                    (_network, _device) = (Create(_weights!), CPU);
                }

                return _network;
            }
        }
    }

    /// <summary>In float32, moved there if it is elsewhere.</summary>
    public TdvNetwork FullOn(Device device)
    {
        lock (_lock)
        {
            return Move(Full, ref _device, device);
        }
    }

    /// <summary>In bfloat16, moved there if it is elsewhere.</summary>
    public TdvNetwork LoweredOn(Device device)
    {
        lock (_lock)
        {
            if (_lowered is null)
            {
                (_lowered, _loweredDevice) = (Create(Plain()), CPU);
                _lowered.to(ScalarType.BFloat16);
            }

            return Move(_lowered, ref _loweredDevice, device);
        }
    }

    public InferenceSession Session(
        FeatureSettings settings,
        IReadOnlyCollection<FeatureOutput> outputs,
        int threads
    ) => _sessions.Get(settings, outputs, threads, () => OnnxExport.ToModel(Plain(), settings, outputs));

    /// <summary>The weights as numbers; a copy if they are TorchSharp's.</summary>
    public NetworkWeights Plain()
    {
        lock (_lock)
        {
            return _weights ?? NetworkWeights.Of(Full);
        }
    }

    /// <summary>Hands out the tensors while nobody moves the network elsewhere.</summary>
    /// <param name="training">With what a training needs beyond the network, if that is there.</param>
    /// <param name="write">What to do with them.</param>
    public void Read(bool training, Action<IEnumerable<TensorSource>> write)
    {
        lock (_lock)
        {
            if (_weights is not null)
            {
                write((training ? _weights.All : _weights.Network).Select(TensorSource.Of));
                return;
            }

            var tensors = training && _state is not null ? _state.NamedTensors() : Full.NamedTensors();
            write(tensors.Select(TensorSource.Of));
        }
    }

    /// <summary>Copies the frame encoder's weights into one of the same dimensions, wherever it is.</summary>
    public void CopyFrameEncoderTo(VisionTransformer target)
    {
        lock (_lock)
        {
            using var gradients = no_grad();
            foreach (var (to, from) in target.parameters().Zip(Full.FrameEncoder.parameters()))
            {
                to.copy_(from);
            }
        }
    }

    public void Dispose()
    {
        _sessions.Dispose();
        _network?.Dispose();
        _lowered?.Dispose();
        _state?.Dispose();
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
