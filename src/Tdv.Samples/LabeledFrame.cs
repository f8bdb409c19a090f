using Microsoft.ML.Data;

namespace Tdv.Samples;

/// <summary>A line of a list of labeled frames: the paths of a frame, of its mask, and of the frame a moment earlier.</summary>
public sealed class LabeledFrame
{
    [LoadColumn(0)]
    public string Path { get; set; } = "";

    [LoadColumn(1)]
    public string MaskPath { get; set; } = "";

    [LoadColumn(2)]
    public string PreviousPath { get; set; } = "";
}
