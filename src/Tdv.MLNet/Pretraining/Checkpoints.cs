using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Training;

namespace Tdv.MLNet.Pretraining;

/// <summary>Saves a training now and then, and goes on with one that was stopped.</summary>
internal sealed class Checkpoints : IDisposable
{
    private readonly CheckpointFolder _folder;
    private readonly CheckpointTimer _timer;
    private readonly TrainingState _state;
    private readonly TdvTrainer _trainer;
    private readonly IChannel _channel;
    private RunDescription? _run;
    private long _written = -1;

    private Checkpoints(
        CheckpointFolder folder,
        CheckpointTimer timer,
        TrainingState state,
        TdvTrainer trainer,
        IChannel channel
    )
    {
        _folder = folder;
        _timer = timer;
        _state = state;
        _trainer = trainer;
        _channel = channel;
    }

    /// <summary>What the checkpoint told that the training goes on from; null: it is a new one.</summary>
    public CheckpointInfo? Resumed { get; private set; }

    public string CachePath => _folder.CachePath;

    public bool IsDue => _timer.IsDue(_trainer.Steps);

    /// <returns>Null if the options want no checkpoints.</returns>
    /// <exception cref="IOException">The folder cannot be written to, or another training uses it.</exception>
    public static Checkpoints? Open(TdvOptions options, TrainingState state, TdvTrainer trainer, IChannel channel) =>
        options.CheckpointDirectory is { } path
            ? new Checkpoints(
                new CheckpointFolder(path, warning => MLNetInternals.Warn(channel, warning)),
                new CheckpointTimer(options),
                state,
                trainer,
                channel
            )
            : null;

    /// <summary>Goes back to the newest checkpoint, if there is one.</summary>
    /// <exception cref="ArgumentException">It is of a training with other options.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, but not one is whole.</exception>
    public void Resume(RunDescription run)
    {
        _run = run;
        Resumed = _folder.Restore(_state, _trainer, run);
        _folder.Describe(run);
        if (Resumed is { } info)
        {
            _written = info.Step;
            MLNetInternals.Info(
                _channel,
                $"goes on after step {info.Step}, trained for {info.Elapsed:d\\.hh\\:mm\\:ss}"
            );
        }
    }

    /// <param name="data">The pairs taken; null before the first, when there is nothing to keep.</param>
    /// <exception cref="IOException">The checkpoint cannot be written.</exception>
    public void Write(DataPosition? data, TimeSpan elapsed)
    {
        if (data is not null && _trainer.Steps != _written)
        {
            var info = new CheckpointInfo
            {
                Step = _trainer.Steps,
                Elapsed = elapsed,
                Data = data,
                Run = _run!,
            };
            _folder.Write(_state, _trainer, info);
            _written = info.Step;
        }

        _timer.Restart();
    }

    /// <summary>Once the training is over: its cache of frames is of no more use.</summary>
    public void Finish() => _folder.Finish();

    public void Dispose() => _folder.Dispose();
}
