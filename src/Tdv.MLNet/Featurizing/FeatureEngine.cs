using Microsoft.ML.Runtime;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>Runs a model's network over pictures. Used by one thread at a time; the model may be shared.</summary>
internal abstract class FeatureEngine
{
    /// <summary>Computes the outputs of the first <paramref name="count"/> pictures.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public abstract void Compute(FeatureBatch batch, int count);

    /// <summary>Chosen when a model is used, and hence where it is used: a saved model may have come from a GPU.</summary>
    /// <exception cref="InvalidOperationException">A GPU or libtorch is asked for and not there.</exception>
    public static FeatureEngine Choose(
        IHost host,
        TdvModel model,
        FeatureSettings settings,
        IReadOnlyCollection<FeatureOutput> outputs
    )
    {
        if (settings.Engine == TdvEngine.TorchSharp || settings.Precision == FeaturePrecision.BFloat16)
        {
            return new TorchEngine(model, settings, Devices.Choose(host));
        }

        var gpu = settings.Engine == TdvEngine.Automatic ? Devices.Gpu(host) : null;
        return gpu is null ? new OnnxEngine(model, settings, outputs) : new TorchEngine(model, settings, gpu);
    }
}
