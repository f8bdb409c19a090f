namespace Tdv.MLNet.Weights;

/// <summary>Whose network a file of weights holds.</summary>
internal enum WeightsLayout
{
    /// <summary>TDV's, by its official names.</summary>
    Tdv,

    /// <summary>A vision transformer alone, by the names of DINO and DINOv2.</summary>
    FrameEncoder,
}
