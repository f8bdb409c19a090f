namespace Tdv.MLNet;

/// <summary>How a part of the system is.</summary>
public enum FindingStatus
{
    /// <summary>As it should be, or absent without harm.</summary>
    Fine,

    /// <summary>It works, but slower or less surely than it could.</summary>
    Warning,

    /// <summary>Something does not work.</summary>
    Problem,
}
