using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>Learns from raw video, in a run's folder.</summary>
internal sealed class Pretrainer
{
    private readonly MLContext _ml;
    private readonly PretrainSettings _settings;
    private readonly HeldOutVideos _videos;
    private readonly IDataView _pairs;
    private readonly IDataView? _unseen;

    /// <summary>Looks whether there are videos and whether the folder is theirs, and reads none yet.</summary>
    /// <exception cref="UserException">There are none, or the folder holds a training on others.</exception>
    public Pretrainer(MLContext ml, PretrainSettings settings)
    {
        _ml = ml;
        _settings = settings;
        _videos = HeldOutVideos.Of(settings.Videos, settings.Unseen);
        var options = Defaults.Videos(settings.Size ?? Defaults.TrainingSize(settings.Preset));
        try
        {
            _pairs = ml.Data.LoadFromVideos(_videos.Learned, options);
            _unseen = _videos.Unseen.Count > 0 ? ml.Data.LoadFromVideos(_videos.Unseen, options) : null;
        }
        catch (ArgumentException exception)
        {
            throw new UserException(exception.Message, exception);
        }

        if (settings.Patience is not null && _unseen is null)
        {
            throw new UserException(
                "--patience waits for a better look at videos that nothing is learned from, and there are none. Name some with --unseen."
            );
        }

        settings.Run.Adopt(settings.Folder);
        settings.Folder.Require(RunFolder.Names);
        settings.Run.RequireSame(_videos.Learned);
    }

    /// <summary>Trains, or goes on with a training that was stopped, and saves the weights.</summary>
    /// <exception cref="UserException">The token stopped it; what was learned so far is saved.</exception>
    public TdvModel Run(CancellationToken cancellation)
    {
        Terminal.Heading($"Learning from the videos in '{_settings.Videos}', without labels");
        foreach (string sentence in _videos.LeftOut)
        {
            Terminal.Warning(sentence);
        }

        if (_unseen is not null)
        {
            Terminal.Line(
                $"{_videos.Learned.Count} videos to learn from; {_videos.Unseen.Count} others show how well it goes "
                    + $"and teach nothing: {string.Join(", ", _videos.Unseen.Select(Path.GetFileName))}"
            );
        }

        var (model, trained) = TrainingProgress.Show(progress => Train(progress, cancellation));
        var run = _settings.Run;
        _settings.Folder.WriteModel(RunFolder.WeightsName, model.Save);
        if (!trained && !cancellation.IsCancellationRequested)
        {
            Terminal.Line($"that was done before, as '{run.Checkpoints}' has it: nothing is learned again");
        }

        if (UnseenProgress.Of(MetricsFile.Read(run.Metrics)) is { } progress)
        {
            Tell(progress, cancellation.IsCancellationRequested);
        }

        Terminal.Line($"saved {run.Weights}");
        if (cancellation.IsCancellationRequested)
        {
            model.Dispose();
            throw new UserException(
                $"The training was stopped before its end; '{run.Weights}' holds what was learned so far. "
                    + "The same command again goes on from there."
            );
        }

        return model;
    }

    private static void Tell(UnseenProgress progress, bool stopped)
    {
        Terminal.Line($"{progress}");
        if (!progress.IsProof)
        {
            Terminal.Warning(
                "That is no more than an untrained network, or nothing, knows. Train longer, on more varied videos."
            );
        }

        var last = progress.Last;
        if (!stopped && last.Step < last.Steps)
        {
            Terminal.Line($"ended after {last.Step} of {last.Steps} steps, since nothing became better for long");
        }

        if (!stopped && progress.Best.Step != last.Step)
        {
            Terminal.Line($"the weights of step {progress.Best.Step} are kept, the best on unseen videos");
        }
    }

    private (TdvModel Model, bool Trained) Train(IProgress<StepReport> progress, CancellationToken cancellation)
    {
        using var recorder = new RunRecorder(_settings.Folder, _videos, progress);
        var options = new TdvOptions
        {
            Preset = _settings.Preset,
            ImageSize = _settings.Size,
            Steps = _settings.Steps,
            Epochs = _settings.Epochs,
            Regularization = _settings.Regularization is { } weight
                ? new() { VarianceWeight = weight, CovarianceWeight = weight }
                : null,
            Validation = _unseen is null ? null : new() { Data = _unseen, Patience = _settings.Patience },
            Seed = _settings.Seed,
            Precision = _settings.Precision,
            Progress = recorder,
            CancellationToken = cancellation,
            CheckpointDirectory = _settings.Run.Checkpoints,
            CheckpointEverySteps = _settings.CheckpointEvery,
        };
        var model = _ml.Transforms.TdvFeaturize(Columns.Features, Columns.Frame, options).Fit(_pairs).Model;
        return (model, recorder.HasSteps);
    }
}
