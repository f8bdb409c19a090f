using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Interop;
using Tdv.MLNet.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>The training loop: pairs in, a model out, reports on the way.</summary>
internal sealed class Pretraining(IHost host, TdvOptions options, string frameColumn)
{
    private static readonly TimeSpan SpeedWindow = TimeSpan.FromSeconds(10);

    /// <exception cref="InvalidOperationException">No pairs, or the loss is no longer a number.</exception>
    public TdvModel Run(IDataView input)
    {
        var recipe = Recipe.From(options);
        var device = Devices.Choose(host);
        int seed = options.Seed ?? MLNetInternals.Seed(host) ?? 0;
        var state = new TrainingState(recipe.Network, seed);
        using var channel = host.Start("TDV pretraining");
        try
        {
            if (options.FrameEncoder is { } start)
            {
                start.CopyFrameEncoderTo(state.Network.FrameEncoder);
                state.ResetTeacherEncoder();
            }

            state.To(device);
            Train(input, recipe, state, device, seed, channel);
            return TdvModel.FromTraining(state);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private void Train(IDataView input, Recipe recipe, TrainingState state, Device device, int seed, IChannel channel)
    {
        int size = recipe.Network.TrainingSize;
        int batchSize = recipe.Training.BatchSize;
        using var source = new PairSource(input, frameColumn, options.PreviousFrameColumnName, size, batchSize, seed);
        using var trainer = new TdvTrainer(state, recipe.Training);
        var clock = Stopwatch.StartNew();
        var recent = new Queue<TimeSpan>();
        while (trainer.Steps < recipe.Training.Steps)
        {
            if (options.CancellationToken.IsCancellationRequested || MLNetInternals.IsCanceled(host))
            {
                MLNetInternals.Warn(
                    channel,
                    $"Pretraining was stopped after {trainer.Steps} of {recipe.Training.Steps} steps; the model keeps what it learned."
                );
                return;
            }

            var result = Step(source.Next(batchSize), trainer, batchSize, size, device);
            recent.Enqueue(clock.Elapsed);
            while (recent.Count > 2 && clock.Elapsed - recent.Peek() > SpeedWindow)
            {
                recent.Dequeue();
            }

            Report(
                trainer.Steps,
                recipe.Training,
                result,
                clock.Elapsed,
                Speed(recent, clock.Elapsed, batchSize),
                channel
            );
        }
    }

    /// <param name="pixels">Previous frames, then frames: RGB bytes, <c>[2, batchSize, size, size, 3]</c>.</param>
    internal static StepResult Step(byte[] pixels, TdvTrainer trainer, int batchSize, int size, Device device)
    {
        using var scope = NewDisposeScope();
        var frames = FramePixels.ToTensor(pixels, 2 * batchSize, size, size, device);
        var previous = frames.narrow(0, 0, batchSize).unsqueeze(1);
        var next = frames.narrow(0, batchSize, batchSize).unsqueeze(1);
        var result = trainer.Step([(previous, next)]);
        if (!double.IsFinite(result.Loss) || !double.IsFinite(result.GradientNorm))
        {
            throw new InvalidOperationException(
                $"The loss is no longer a number at step {trainer.Steps}. Lower TdvOptions.PeakLearningRate or raise WarmUpSteps."
            );
        }

        return result;
    }

    private static double Speed(Queue<TimeSpan> recent, TimeSpan now, int batchSize) =>
        recent.Count > 1
            ? (recent.Count - 1) * batchSize / (now - recent.Peek()).TotalSeconds
            : batchSize / now.TotalSeconds;

    private void Report(
        long step,
        TrainingOptions training,
        StepResult result,
        TimeSpan elapsed,
        double pairsPerSecond,
        IChannel channel
    )
    {
        int steps = training.Steps;
        var remaining = TimeSpan.FromSeconds((steps - step) * training.BatchSize / pairsPerSecond);
        options.Progress?.Report(
            new StepReport(
                (int)step,
                steps,
                result.Loss,
                result.MeanSquaredError,
                result.ClsLoss,
                result.PatchLoss,
                result.PredictionGain,
                result.LearningRate,
                result.GradientNorm,
                pairsPerSecond,
                elapsed,
                remaining
            )
        );
        if (step == 1 || step == steps || step * 20 / steps != (step - 1) * 20 / steps)
        {
            MLNetInternals.Info(
                channel,
                $"step {step}/{steps}  loss {result.Loss:F3}  prediction gain {result.PredictionGain:F3}  "
                    + $"{pairsPerSecond:F1} pairs/s  {remaining:hh\\:mm\\:ss} left"
            );
        }
    }
}
