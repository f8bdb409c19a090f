namespace Tdv.MLNet;

/// <summary>
/// How far patch features, each of length 1, keep apart what is different, and what they differ by. An effective rank is
/// the exponential of the entropy of a covariance's eigenvalues: the dimensions in use, at most D, and 0 where nothing
/// varies. Over x(f, p), the feature of frame f at position p, the shares are of Σ‖x − mean‖²:
/// <list type="bullet">
/// <item>position: Σ‖mean over all frames at p − mean‖²</item>
/// <item>video: Σ‖mean over all frames of the video − mean‖²</item>
/// <item>time: Σ‖mean of the frame − mean of its video‖²</item>
/// <item>content: what is left, Σ‖x − mean of the frame − mean at the position + mean‖²</item>
/// </list>
/// Every frame has every position, so that these are orthogonal and add up to 1 (an analysis of variance of position and,
/// nested, of frames in videos); all are 0 where nothing varies.
/// </summary>
/// <param name="EffectiveRank">Of all patches.</param>
/// <param name="FrameRank">Of the patches of one frame, in the mean over the frames: what tells places of a picture apart.</param>
/// <param name="VideoRank">
/// Of the videos' mean features, at most their number less 1: what tells videos apart. During a training each frame pair of
/// the batch counts as a video.
/// </param>
/// <param name="PositionShare">What a position says in whatever frame.</param>
/// <param name="VideoShare">What all frames of a video have in common.</param>
/// <param name="TimeShare">What a whole frame has in common and the video's other frames have not.</param>
/// <param name="ContentShare">What is at a place of a frame: neither its position nor its frame tells.</param>
public sealed record FeatureSpread(
    double EffectiveRank,
    double FrameRank,
    double VideoRank,
    double PositionShare,
    double VideoShare,
    double TimeShare,
    double ContentShare
);
