using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>The training loop: pairs in, a model out, reports on the way.</summary>
internal sealed class PretrainingLoop(IHost host, TdvOptions options, string frameColumn, string previousColumn)
{
    /// <exception cref="InvalidOperationException">No pairs, others than before a resumption, or the training diverged.</exception>
    /// <exception cref="ArgumentException">The checkpoint directory is of a training with other options.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written.</exception>
    public TdvModel Run(IDataView input)
    {
        using var stop = AmbientStop.Use(options.CancellationToken);
        var device = Devices.Choose(host);
        int seed = options.Seed ?? MLNetInternals.Seed(host) ?? 0;
        var recipe = Recipe.From(InSteps(input, seed)).On(device, options.Precision);
        StepMemory.Require(recipe, device);
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
            using var monitor = new CollapseMonitor(state, recipe.Training.Objective.Distillation);
            using var trainer = new TdvTrainer(state, recipe.Training);
            using var validation = options.Validation is null
                ? null
                : new Validation(options, recipe, state, device, channel);
            using var checkpoints = options.CheckpointDirectory is { } path
                ? new Checkpoints(
                    path,
                    options,
                    RunDescription.Of(options, recipe, seed, device),
                    state,
                    trainer,
                    validation,
                    channel
                )
                : null;
            foreach (string warning in ScheduleAdvice.On(options, recipe.Training))
            {
                MLNetInternals.Warn(channel, warning);
            }

            checkpoints?.Resume();
            if (trainer.Steps < recipe.Training.Steps && validation?.IsOver != true)
            {
                validation?.Read(frameColumn, previousColumn);
                using var source = new PairSource(
                    input,
                    frameColumn,
                    previousColumn,
                    recipe.Network.TrainingSize,
                    recipe.Training.BatchSize,
                    seed,
                    checkpoints?.Resumed?.Data,
                    checkpoints?.CachePath,
                    warning => MLNetInternals.Warn(channel, warning)
                );
                Train(recipe, trainer, monitor, source, validation, checkpoints, device, channel);
            }
            else
            {
                // Over before: nothing is read but what tells whether it was on these data.
                var decoder = new PairDecoder(input, frameColumn, previousColumn, recipe.Network.TrainingSize);
                new PairStream(decoder, seed, checkpoints?.Resumed?.Data, cachePath: null).RequireSame();
            }

            if (trainer.Steps == recipe.Training.Steps || validation?.IsOver == true)
            {
                checkpoints?.Finish();
                validation?.TakeBest(trainer.Steps);
            }

            return TdvModel.FromTraining(state);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    private bool IsStopped => AmbientStop.IsRequested || MLNetInternals.IsCanceled(host);

    /// <summary>Epochs as the steps that they take.</summary>
    private TdvOptions InSteps(IDataView input, int seed)
    {
        if (options.Epochs is not { } epochs)
        {
            return options;
        }

        var training = Recipe.From(options).Training;
        var decoder = new PairDecoder(input, frameColumn, previousColumn, size: 1);
        double pairs = epochs * decoder.Count(PairStream.SeedOf(seed, pass: 0));
        double steps = Math.Ceiling(pairs / (training.BatchSize * training.Accumulation));
        // Without rows, the training says what to check.
        return options with { Epochs = null, Steps = (int)Math.Clamp(steps, 1, int.MaxValue) };
    }

    private void Train(
        Recipe recipe,
        TdvTrainer trainer,
        CollapseMonitor monitor,
        PairSource source,
        Validation? validation,
        Checkpoints? checkpoints,
        Device device,
        IChannel channel
    )
    {
        int size = recipe.Network.TrainingSize;
        int batchSize = recipe.Training.BatchSize;
        var log = new TrainingLog(
            options.Progress,
            recipe.Training,
            channel,
            checkpoints?.Resumed?.Elapsed ?? TimeSpan.Zero
        );
        // What a step that is stopped has taken from the data, it has not learned from.
        var position = source.Position;
        using var late = checkpoints is null
            ? null
            : new LateCheckpoint(
                trainer.Changing,
                () => trainer.IsStepping,
                () => position is null ? null : WriteNow()
            );
        // Of a step that a stop kept from being measured.
        validation?.MeasureIfDue(trainer.Steps);
        while (trainer.Steps < recipe.Training.Steps && validation?.IsOver != true)
        {
            byte[][] batches;
            StepResult result;
            try
            {
                if (IsStopped)
                {
                    throw new OperationCanceledException();
                }

                batches = [.. Enumerable.Range(0, recipe.Training.Accumulation).Select(_ => source.Next(batchSize))];
                result = Step(batches, trainer, batchSize, size, device);
            }
            catch (OperationCanceledException) when (IsStopped)
            {
                late?.Stop();
                LateCheckpoint.Note(checkpoints is null || position is null ? null : WriteNow());
                log.Stopped(trainer.Steps, options.CheckpointDirectory);
                return;
            }

            if (log.Health is null || CollapseMonitor.IsDue(trainer.Steps))
            {
                log.Health = Measure(monitor, trainer.Steps, batches[0], batchSize, size, device);
            }

            var unseen = log.Aside(() => validation?.MeasureIfDue(trainer.Steps));
            log.Report(
                trainer.Steps,
                result,
                source,
                unseen,
                validation?.Info is { Best: > 0 and var best } ? best : null
            );
            lock (trainer.Changing)
            {
                position = source.Position;
                if (trainer.Steps == recipe.Training.Steps || validation?.IsOver == true || checkpoints?.IsDue == true)
                {
                    checkpoints?.Write(position, log.Elapsed);
                }
            }
        }

        if (trainer.Steps < recipe.Training.Steps)
        {
            log.Ended(trainer.Steps, validation!.Info);
        }

        long? WriteNow()
        {
            checkpoints!.Write(position, log.Elapsed);
            return trainer.Steps;
        }
    }

    /// <param name="batches">Previous frames, then frames: RGB bytes, <c>[2, batchSize, size, size, 3]</c> each.</param>
    internal static StepResult Step(
        IReadOnlyList<byte[]> batches,
        TdvTrainer trainer,
        int batchSize,
        int size,
        Device device
    )
    {
        using var scope = NewDisposeScope();
        return trainer.Step([.. batches.Select(pixels => Pairs(pixels, batchSize, size, device))]);
    }

    private static (Tensor Previous, Tensor Next) Pairs(byte[] pixels, int batchSize, int size, Device device)
    {
        var frames = FramePixels.ToTensor(pixels, 2 * batchSize, size, size, device);
        return (frames.narrow(0, 0, batchSize), frames.narrow(0, batchSize, batchSize));
    }

    private static FeatureHealth Measure(
        CollapseMonitor monitor,
        long step,
        byte[] pixels,
        int batchSize,
        int size,
        Device device
    )
    {
        using var scope = NewDisposeScope();
        int count = Math.Min(CollapseMonitor.Pairs, batchSize);
        int frame = size * size * FramePixels.Channels;
        byte[] few = [.. pixels.AsSpan(0, count * frame), .. pixels.AsSpan(batchSize * frame, count * frame)];
        return monitor.Measure(step, FramePixels.ToTensor(few, 2 * count, size, size, device));
    }
}
