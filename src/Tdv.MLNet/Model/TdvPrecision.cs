namespace Tdv.MLNet;

/// <summary>
/// The type that a network's matrices are multiplied in. Features are handed out in float32 whatever it is; in training
/// weights, optimizer, teacher, norms and losses stay in float32 too, as in the official code.
/// </summary>
public enum TdvPrecision
{
    /// <summary>Float32, 24 bits of precision.</summary>
    Float32 = 0,

    /// <summary>
    /// Bfloat16, 8 bits of precision, by TorchSharp: faster where the processor has instructions for it, slower elsewhere.
    /// Features of a trained <see cref="TdvPreset.Tiny"/> network then differ from those in float32 by 0.6 % of their length
    /// (measured on frames of CamVid; the tests allow 5 %).
    /// </summary>
    BFloat16 = 1,

    /// <summary>For training bfloat16 on a GPU and float32 on a CPU; for features float32.</summary>
    Automatic = 2,
}
