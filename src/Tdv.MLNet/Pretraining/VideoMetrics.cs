namespace Tdv.MLNet;

/// <summary>What a network makes of video: whether it predicts, and whether its features keep apart what is different.</summary>
/// <param name="PredictionGain">
/// 1 − MSE(z + Δz, next) / MSE(z, next), over all tokens of all pairs: how much better than "nothing moves" the
/// prediction of the next frame's features is. 1 is perfect, 0 no better, below 0 worse. The next frame's features are
/// this network's own; a training compares with its teacher's. 0 for a model without a motion encoder; <see cref="double.NaN"/>
/// where nothing moves, so that there is nothing to predict.
/// </param>
/// <param name="EffectiveRank">
/// Dimensions that the patches' features make use of: the exponential of the entropy of their covariance's eigenvalues;
/// at most D.
/// </param>
/// <param name="Deviation">
/// Standard deviation of the patches' features, each of length 1, in the mean over their dimensions and relative to
/// 1/√D: 1 where they point everywhere, 0 where all are the same.
/// </param>
/// <param name="PairCount">The frame pairs that were looked at.</param>
public sealed record VideoMetrics(double PredictionGain, double EffectiveRank, double Deviation, int PairCount)
{
    /// <summary>
    /// What the features of the frames, without their predecessors, differ by. Videos are told by the column "Video", as
    /// LoadFromVideos gives it; without one, each row counts as a video.
    /// </summary>
    public required FeatureSpread Spread { get; init; }

    /// <summary>
    /// The same of a network of the same architecture with random weights (<c>TdvModel.Create</c> with seed 0): what
    /// <see cref="Spread"/> is to be compared with.
    /// </summary>
    public required FeatureSpread Untrained { get; init; }

    /// <summary>
    /// Bits that z + Δz tells of the next frame, for each patch: ½ log₂ of det(C + σ²I) / det(E + σ²I), where C is the
    /// covariance of the next frame's patches at their positions, E that of the errors, and σ² a hundredth of a dimension's
    /// mean variance. It grows with how well the features are predicted and with how many dimensions they have to say
    /// something with; below 0, the prediction is worse than none. Of z alone for a model without a motion encoder.
    /// </summary>
    /// <remarks>
    /// One figure without labels that tells a good training from a bad one: a network that predicts next to perfectly what
    /// little it has kept, and one that keeps much and predicts none of it, both have few bits.
    /// </remarks>
    public required double PredictedInformation { get; init; }

    /// <summary>The same of z alone, as if nothing moved: bits that stay from frame to frame.</summary>
    public required double CopiedInformation { get; init; }

    /// <summary><see cref="CopiedInformation"/> of the untrained network: more is learned.</summary>
    public required double UntrainedInformation { get; init; }
}
