namespace Tdv.MLNet;

/// <summary>
/// The type that matrices are multiplied in during training. Weights, optimizer, teacher, norms and losses are in float32
/// whatever it is, as in the official code.
/// </summary>
public enum TrainingPrecision
{
    /// <summary>Bfloat16 on a GPU, float32 on a CPU.</summary>
    Automatic,

    /// <summary>Float32, 24 bits of precision.</summary>
    Full,

    /// <summary>Bfloat16, 8 bits of precision: faster where the processor has instructions for it, slower elsewhere.</summary>
    Mixed,
}
