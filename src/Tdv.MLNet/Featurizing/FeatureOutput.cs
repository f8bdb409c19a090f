namespace Tdv.MLNet.Featurizing;

/// <summary>The columns that a TDV transformer can add.</summary>
internal enum FeatureOutput
{
    /// <summary>One feature per patch, <c>[gridHeight, gridWidth, layers·D]</c>.</summary>
    Grid,

    /// <summary>One feature for the frame, <c>[layers·D]</c>.</summary>
    Cls,

    /// <summary>The encoded motion Δz of each patch, <c>[gridHeight, gridWidth, D]</c>.</summary>
    Motion,

    /// <summary>The last block's attention of CLS to each patch, <c>[heads, gridHeight, gridWidth]</c>.</summary>
    Attention,
}
