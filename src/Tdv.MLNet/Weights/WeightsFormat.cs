namespace Tdv.MLNet.Weights;

/// <summary>The kinds of file that weights come in.</summary>
internal enum WeightsFormat
{
    /// <summary>None of the others.</summary>
    Unknown,

    /// <summary>Safetensors.</summary>
    Safetensors,

    /// <summary>A zip by Python's <c>torch.save</c>, since PyTorch 1.6.</summary>
    TorchCheckpoint,

    /// <summary>A bare pickle, as <c>torch.save</c> wrote before PyTorch 1.6.</summary>
    LegacyTorch,

    /// <summary>A model that ML.NET saved.</summary>
    MLNetModel,
}
