namespace Tdv.MLNet.Evaluation;

/// <summary>What was measured of an object, frame by frame, from a video's second frame on.</summary>
internal sealed record ObjectFrames(uint Key)
{
    public List<double> Regions { get; } = [];

    public List<double> Boundaries { get; } = [];
}
