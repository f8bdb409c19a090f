using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>How masks carried through DAVIS are evaluated.</summary>
internal sealed record DavisSettings
{
    /// <summary>The folder of DAVIS.</summary>
    public required string Data { get; init; }

    /// <summary>Networks of one architecture, one for each seed.</summary>
    public required IReadOnlyList<string> Weights { get; init; }

    /// <summary>The folder of the run, for tables.</summary>
    public required string Out { get; init; }

    /// <summary>Names; empty: all.</summary>
    public IReadOnlyList<string> Sequences { get; init; } = [];

    /// <summary>How a pixel's class is decided.</summary>
    public MaskDecision Decision { get; init; } = MaskDecision.Stretched;

    /// <summary>Take every so many frames.</summary>
    public int Every { get; init; } = 1;

    /// <summary>Take so many of those; null: all.</summary>
    public int? First { get; init; }

    /// <summary>What frames are resized to; null: that of the network for frames of this size.</summary>
    public FrameSize? Size { get; init; }
}
