using System.Globalization;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>
/// How <c>PropagateMasks</c> carries masks through a video. The defaults are the protocol of DINO (Caron et al. 2021,
/// section 4.2.2, after Jabri et al. 2020): the mask of the first frame and those of the last seven are looked up.
/// </summary>
public sealed record PropagationOptions
{
    internal const int LargestRadius = 1024;
    internal const int MostContextFrames = 1024;
    internal const int MostNeighbors = 1024;
    internal const int LargestPatch = 256;

    /// <summary>
    /// Receives the masks, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>, row-major height × width; a second column, with <c>Size</c>
    /// behind the name, receives height and width. Default "PropagatedMask".
    /// </summary>
    public string OutputColumnName { get; init; } = "PropagatedMask";

    /// <summary>
    /// Receives for each pixel how sure its class is, <c>Vector&lt;Single&gt;</c>, row-major height × width, 0 to 1: the
    /// share of that class among what the neighbors carried to the cells, interpolated bilinearly; 1 where a mask was
    /// given, 0 where there is no class. Null: no such column. Default: null.
    /// </summary>
    public string? ConfidenceColumnName { get; init; }

    /// <summary>
    /// The given masks, <c>Vector&lt;Key&gt;</c>, row-major height × width. A row whose mask is empty, or has no pixel with
    /// a class, is one to be painted. Default "Mask".
    /// </summary>
    public string MaskColumnName { get; init; } = "Mask";

    /// <summary>The features, <c>Vector&lt;Single, gridHeight, gridWidth, D&gt;</c>. Default "Features".</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>The image whose size a given mask has. Null: masks lie on the feature grid. Default "Frame".</summary>
    public string? ImageColumnName { get; init; } = "Frame";

    /// <summary>A text column; another text in it begins another video. Null: all rows are one video. Default "Video".</summary>
    public string? VideoColumnName { get; init; } = "Video";

    /// <summary>The last frames that are looked up, beside the given ones; 0 to 1,024. Default 7.</summary>
    public int ContextFrames { get; init; } = 7;

    /// <summary>
    /// A mask given in a later frame is looked up from then on as the first one is, and what was carried before is not:
    /// it may hold the error that is corrected. So many of the newest of these masks are kept; 1 to 1,024. Default 1.
    /// </summary>
    public int Corrections { get; init; } = 1;

    /// <summary>Cells to each side in which a cell's neighbors are sought; 0 to 1,024. Default 12.</summary>
    public int Radius { get; init; } = 12;

    /// <summary>The most similar cells, over all frames that are looked up, that pass on their classes; 1 to 1,024. Default 5.</summary>
    public int Neighbors { get; init; } = 5;

    /// <summary>A neighbor counts exp(cosine / temperature); above 0. Default 0.1.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>How a pixel's class is decided. Default: the largest after each class is stretched to 0 to 1.</summary>
    public MaskDecision Decision { get; init; } = MaskDecision.Stretched;

    /// <summary>
    /// Pixels of a cell's edge, 1 to 256: classes are interpolated bilinearly to so many times the grid and decided there,
    /// then masks are brought to the frame's size by nearest neighbor. Best that of the network. Default 8.
    /// </summary>
    public int PatchSize { get; init; } = 8;

    /// <summary>
    /// Whether a video may begin with frames that have no mask; what is painted for them is empty. Default: false, such a
    /// video is an error.
    /// </summary>
    public bool MasksMayStartLater { get; init; }

    internal void Check(Faults faults)
    {
        string[] added = ConfidenceColumnName is { } confidence ? [OutputColumnName, confidence] : [OutputColumnName];
        faults.Check(
            !added.Append(MaskColumnName).Append(FeatureColumnName).Any(string.IsNullOrWhiteSpace),
            $"{nameof(OutputColumnName)}, {nameof(ConfidenceColumnName)}, {nameof(MaskColumnName)} or "
                + $"{nameof(FeatureColumnName)} is empty."
        );
        faults.Check(
            added.Distinct().Count() == added.Length,
            $"{nameof(OutputColumnName)} and {nameof(ConfidenceColumnName)} are both '{OutputColumnName}'."
        );
        Range(nameof(ContextFrames), ContextFrames, 0, MostContextFrames);
        Range(nameof(Corrections), Corrections, 1, MostContextFrames);
        Range(nameof(Radius), Radius, 0, LargestRadius);
        Range(nameof(Neighbors), Neighbors, 1, MostNeighbors);
        Range(nameof(PatchSize), PatchSize, 1, LargestPatch);
        faults.Check(
            Temperature > 0 && float.IsFinite(Temperature),
            $"{nameof(Temperature)} is {Temperature.ToString(CultureInfo.InvariantCulture)}; a number above 0 is expected."
        );
        faults.Check(Enum.IsDefined(Decision), $"{nameof(Decision)} is {Decision}, which is none.");

        void Range(string name, int value, int least, int most) =>
            faults.Check(value >= least && value <= most, $"{name} is {value}; {least} to {most} is expected.");
    }
}
