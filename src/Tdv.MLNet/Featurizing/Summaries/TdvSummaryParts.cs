namespace Tdv.MLNet;

/// <summary>What a clip's vector is made of, D numbers each; over all cells of the grid and all frames, in this order.</summary>
[Flags]
public enum TdvSummaryParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The mean of Δz: which way the picture as a whole moves.</summary>
    MeanMotion = 1,

    /// <summary>The largest value of each feature of Δz: what moves most, however small it is.</summary>
    MaxMotion = 2,

    /// <summary>The mean of |Δz|: how much moves, whatever the ways.</summary>
    MeanMotionSize = 4,

    /// <summary>The mean of CLS: what the clip looks like.</summary>
    MeanCls = 8,

    /// <summary>The largest value of each feature of CLS.</summary>
    MaxCls = 16,

    /// <summary>All that tells of motion.</summary>
    Motion = MeanMotion | MaxMotion | MeanMotionSize,

    /// <summary>All that tells of looks.</summary>
    Cls = MeanCls | MaxCls,

    /// <summary>Everything.</summary>
    All = Motion | Cls,
}
