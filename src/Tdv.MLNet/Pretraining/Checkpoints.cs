using System.Diagnostics;
using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Training;

namespace Tdv.MLNet.Pretraining;

/// <summary>Saves a training now and then, and goes on with one that was stopped.</summary>
internal sealed class Checkpoints(
    string path,
    TdvOptions options,
    RunDescription run,
    TrainingState state,
    TdvTrainer trainer,
    Validation? validation,
    IChannel channel
) : IDisposable
{
    private const double DefaultMinutes = 10;
    private readonly TimeSpan _interval = TimeSpan.FromMinutes(options.CheckpointEveryMinutes ?? DefaultMinutes);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private readonly CheckpointFolder _folder = new(path, warning => MLNetInternals.Warn(channel, warning));
    private long _written = -1;

    /// <summary>What the checkpoint told that the training goes on from; null: it is a new one.</summary>
    public CheckpointInfo? Resumed { get; private set; }

    public string CachePath => _folder.CachePath;

    public bool IsDue =>
        (options.CheckpointEverySteps is { } steps && trainer.Steps % steps == 0) || _sinceLast.Elapsed >= _interval;

    /// <summary>Goes back to the newest checkpoint, if there is one.</summary>
    /// <exception cref="ArgumentException">It is of a training with other options.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, but not one is whole.</exception>
    public void Resume()
    {
        Resumed = _folder.Restore(state, trainer, run, validation);
        _folder.Describe(run);
        if (Resumed is { } info)
        {
            _written = info.Step;
            MLNetInternals.Info(
                channel,
                $"goes on after step {info.Step}, trained for {info.Elapsed:d\\.hh\\:mm\\:ss}"
            );
        }
    }

    /// <param name="data">The pairs taken; null before the first, when there is nothing to keep.</param>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    public void Write(DataPosition? data, TimeSpan elapsed)
    {
        if (data is not null && trainer.Steps != _written)
        {
            var info = new CheckpointInfo
            {
                Step = trainer.Steps,
                Elapsed = elapsed,
                Data = data,
                Run = run,
                Validation = validation?.Info,
            };
            _folder.Write(state, trainer, info, validation);
            _written = info.Step;
        }

        _sinceLast.Restart();
    }

    /// <summary>Once the training is over: its cache of frames is of no more use.</summary>
    public void Finish() => _folder.Finish();

    public void Dispose() => _folder.Dispose();
}
