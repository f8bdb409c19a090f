namespace Tdv.MLNet;

/// <summary>What one training step reports.</summary>
public sealed record StepReport
{
    /// <summary>Steps done so far, from 1.</summary>
    public required int Step { get; init; }

    /// <summary>Steps in all.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// The total loss, 1.5·MSE + 0.75·CLS + 0.75·patches, and with <see cref="TdvOptions.Regularization"/> its two terms,
    /// weighted.
    /// </summary>
    public required double Loss { get; init; }

    /// <summary>Mean squared error between the predicted and the teacher's next representation.</summary>
    public required double MeanSquaredError { get; init; }

    /// <summary>Cross entropy of the CLS tokens.</summary>
    public required double ClsLoss { get; init; }

    /// <summary>Cross entropy of the patch tokens.</summary>
    public required double PatchLoss { get; init; }

    /// <summary>The variance term of <see cref="TdvOptions.Regularization"/>, without its weight; 0 where that is off.</summary>
    public double VarianceLoss { get; init; }

    /// <summary>The covariance term of <see cref="TdvOptions.Regularization"/>, without its weight; 0 where that is off.</summary>
    public double CovarianceLoss { get; init; }

    /// <summary>
    /// 1 − MSE(z + Δz, target) / MSE(z, target): how much better than "nothing moves" the prediction is. 0 is no better,
    /// 1 is perfect; <see cref="double.NaN"/> where nothing moves in the step's pairs.
    /// </summary>
    public required double PredictionGain { get; init; }

    /// <summary>The frame encoder's learning rate in this step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Global L2 norm of the gradients before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Frame pairs per second, over the last seconds.</summary>
    public required double PairsPerSecond { get; init; }

    /// <summary>Time spent training, with that before a resumption.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Estimated time to the end.</summary>
    public required TimeSpan Remaining { get; init; }

    /// <summary>Passes over the data that came before this one; 0 in the first.</summary>
    public required int Pass { get; init; }

    /// <summary>How long the training has waited for frames since it was started or resumed.</summary>
    public required TimeSpan Waiting { get; init; }

    /// <summary>Whether the features keep apart what is different; measured every 50 steps.</summary>
    public required FeatureHealth Health { get; init; }

    /// <summary>What was measured after this step on frames that nothing is learned from; null after most steps.</summary>
    public VideoMetrics? Validation { get; init; }

    /// <summary>The step whose weights are the best so far by <see cref="TdvOptions.Validation"/>; null where none counts yet.</summary>
    public int? BestStep { get; init; }

    /// <summary>What goes wrong, and what to change, each thing once until it is over; also in the log. Usually none.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
