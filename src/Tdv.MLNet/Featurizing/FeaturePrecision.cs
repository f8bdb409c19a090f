namespace Tdv.MLNet;

/// <summary>The type that features are computed in; they are float32 whatever it is.</summary>
public enum FeaturePrecision
{
    /// <summary>Float32, 24 bits of precision.</summary>
    Full,

    /// <summary>
    /// Bfloat16 for weights and activations, 8 bits of precision, by TorchSharp: faster where the processor has
    /// instructions for it, slower elsewhere. Features of a trained <see cref="TdvPreset.Tiny"/> network then differ from
    /// those in float32 by 0.6 % of their length (measured on frames of CamVid; the tests allow 5 %).
    /// </summary>
    BFloat16,
}
