using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Training;
using Tdv.Tool.Pipeline;
using static TorchSharp.torch;

namespace Tdv.Studies.Dino;

/// <summary>
/// Trains TDV's frame encoder as DINO does, on single frames. What is not about the comparison is that of the TDV training
/// with the same options: initial weights, the frames and their order, how many there are in a step, optimizer, learning
/// rate, the teacher's momentum.
/// </summary>
internal sealed class DinoPretraining(TdvOptions options, ViewOptions views)
{
    /// <param name="pairs">Frame pairs to train on; both frames of each are trained on, on their own.</param>
    /// <param name="unseen">Frames to ask the teacher about.</param>
    /// <returns>The student, which the caller disposes of, and how its teacher ends.</returns>
    /// <exception cref="OperationCanceledException">The options' token was canceled.</exception>
    public (TdvModel Model, TeacherHealth Health) Run(IDataView pairs, UnseenFrames unseen)
    {
        var recipe = Recipe.From(options).On(unseen.Device, options.Precision);
        var network = recipe.Network with { MotionDepth = 0 };
        int seed = options.Seed ?? 0;
        var state = new TrainingState(network, seed);
        try
        {
            state.To(unseen.Device);
            using var trainer = new DinoTrainer(
                state,
                recipe.Training,
                new Views(views, network.TrainingSize, network.PatchSize, seed)
            );
            Train(trainer, recipe.Training, pairs, network.TrainingSize, seed, unseen.Device);
            using var frames = unseen.Load(network.TrainingSize);
            return (TdvModel.FromTraining(state), trainer.Measure(frames));
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private void Train(
        DinoTrainer trainer,
        TrainingOptions training,
        IDataView pairs,
        int size,
        int seed,
        Device device
    )
    {
        using var source = new PairSource(pairs, Columns.Frame, Columns.PreviousFrame, size, training.BatchSize, seed);
        while (trainer.Steps < training.Steps)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            byte[] pixels = source.Next(training.BatchSize);
            trainer.Step(FramePixels.ToTensor(pixels, 2 * training.BatchSize, size, size, device));
        }
    }
}
