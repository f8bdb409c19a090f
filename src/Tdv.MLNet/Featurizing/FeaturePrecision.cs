namespace Tdv.MLNet.Featurizing;

/// <summary>The type that features are computed in; they are float32 whatever it is.</summary>
public enum FeaturePrecision
{
    /// <summary>Float32, 24 bits of precision.</summary>
    Full,

    /// <summary>
    /// Bfloat16 for weights and activations, 8 bits of precision, by TorchSharp: faster where the processor has
    /// instructions for it, slower elsewhere.
    /// </summary>
    BFloat16,
}
