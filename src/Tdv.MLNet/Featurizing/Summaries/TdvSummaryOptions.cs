using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>How a clip becomes one vector.</summary>
public sealed record TdvSummaryOptions
{
    /// <summary>What the vector is made of. Default: everything, 5·D numbers.</summary>
    public TdvSummaryParts Parts { get; init; } = TdvSummaryParts.All;

    /// <summary>Seconds between a frame and its predecessor, at least 0.001. Default: 0.25, the paper's.</summary>
    public double FrameInterval { get; init; } = 0.25;

    /// <summary>Seconds from one frame that is looked at to the next, at least 0.001. Default: <see cref="FrameInterval"/>.</summary>
    public double? RowInterval { get; init; }

    /// <summary>At most so many frames are looked at, from the clip's beginning. Default: 64.</summary>
    public int MaxFrames { get; init; } = 64;

    /// <summary>Pixels that frames are resized to; a multiple of the patch size. Default: as the network was trained.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>As <see cref="ImageHeight"/>.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>Frames that go through the network at once. Default: 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>The folder that relative paths are resolved against; saved with the model. Default: empty, paths as they are.</summary>
    public string Folder { get; init; } = "";

    /// <summary>
    /// Whether a clip that cannot be read gives a vector of missing values (not a number, as
    /// <c>FilterRowsByMissingValues</c> removes them) and a warning with its name. Default: false, it is an error.
    /// </summary>
    public bool MissingIfUnreadable { get; init; }

    internal VideoOptions Video =>
        new()
        {
            FrameInterval = FrameInterval,
            RowInterval = RowInterval,
            FrameHeight = ImageHeight,
            FrameWidth = ImageWidth,
        };

    internal void Check(bool hasMotion, Faults faults)
    {
        faults.Check(
            Parts != TdvSummaryParts.None && (Parts & ~TdvSummaryParts.All) == 0,
            $"Parts is {Parts}; give at least one of TdvSummaryParts."
        );
        faults.Check(
            hasMotion || (Parts & TdvSummaryParts.Motion) == 0,
            $"Parts is {Parts}, but this model has no motion encoder; give TdvSummaryParts.{nameof(TdvSummaryParts.Cls)}."
        );
        faults.Check(MaxFrames >= 1, $"MaxFrames is {MaxFrames}; it must be at least 1.");
        faults.Check(Folder is not null, "Folder is null; an empty string means that paths are used as they are.");
        foreach (string fault in (Video with { FrameHeight = null, FrameWidth = null }).Faults())
        {
            faults.Add(fault);
        }
    }
}
