namespace Tdv.MLNet;

/// <summary>What one training step reports.</summary>
/// <param name="Step">Steps done so far, from 1.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Loss">The total loss, 1.5·MSE + 0.75·CLS + 0.75·patches.</param>
/// <param name="MeanSquaredError">Mean squared error between the predicted and the teacher's next representation.</param>
/// <param name="ClsLoss">Cross entropy of the CLS tokens.</param>
/// <param name="PatchLoss">Cross entropy of the patch tokens.</param>
/// <param name="PredictionGain">
/// 1 − MSE(z + Δz, target) / MSE(z, target): how much better than "nothing moves" the prediction is. 0 is no better, 1 is perfect.
/// </param>
/// <param name="LearningRate">The frame encoder's learning rate in this step.</param>
/// <param name="GradientNorm">Global L2 norm of the gradients before clipping.</param>
/// <param name="PairsPerSecond">Frame pairs per second, over the last seconds.</param>
/// <param name="Elapsed">Time spent training, with that before a resumption.</param>
/// <param name="Remaining">Estimated time to the end.</param>
/// <param name="Pass">Passes over the data that came before this one; 0 in the first.</param>
/// <param name="Waiting">How long the training has waited for frames since it was started or resumed.</param>
/// <param name="Health">Whether the features keep apart what is different; measured every 50 steps.</param>
public sealed record StepReport(
    int Step,
    int Steps,
    double Loss,
    double MeanSquaredError,
    double ClsLoss,
    double PatchLoss,
    double PredictionGain,
    double LearningRate,
    double GradientNorm,
    double PairsPerSecond,
    TimeSpan Elapsed,
    TimeSpan Remaining,
    int Pass,
    TimeSpan Waiting,
    FeatureHealth Health
);
