using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>Runs a model's network over pictures: one for each transformer, shared by its cursors and rows.</summary>
internal abstract class FeatureEngine : IDisposable
{
    /// <summary>Computes the outputs of the first <paramref name="count"/> pictures. For any number of threads, a batch each.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public abstract void Compute(FeatureBatch batch, int count);

    /// <summary>Frees what the engine has made of the model, after the calls that are running; used again, it makes it anew.</summary>
    public abstract void Dispose();

    /// <summary>Chosen when a model is used, and hence where it is used: a saved model may have come from a GPU.</summary>
    /// <exception cref="InvalidOperationException">A GPU or libtorch is asked for and not there; or a batch needs more memory than there is.</exception>
    public static FeatureEngine Choose(IHost host, TdvModel model, FeatureSettings settings)
    {
        if (settings.Engine == TdvEngine.TorchSharp || settings.Precision == TdvPrecision.BFloat16)
        {
            var device = Devices.Choose(host);
            if (device.type == TorchSharp.DeviceType.CPU)
            {
                RequireMemory(model, settings, attention: false);
            }

            return new TorchEngine(model, settings, device);
        }

        var gpu = settings.Engine == TdvEngine.Automatic ? Devices.Gpu(host) : null;
        if (gpu is not null)
        {
            return new TorchEngine(model, settings, gpu);
        }

        RequireMemory(model, settings, attention: true);
        return new OnnxEngine(model, settings);
    }

    private static void RequireMemory(TdvModel model, FeatureSettings settings, bool attention)
    {
        if (FeatureMemory.Fault(settings, model.Options, attention, SystemMemory.Available()) is { } fault)
        {
            throw new InvalidOperationException($"TdvFeaturize has no room: {fault}");
        }
    }
}
