using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Featurizing;
using Tdv.Samples.Output;

namespace Tdv.Samples.Pipeline;

/// <summary>Learns from raw video.</summary>
internal sealed class Pretrainer
{
    private readonly MLContext _ml;
    private readonly PretrainSettings _settings;
    private readonly IDataView _pairs;

    /// <summary>Looks whether there are videos, and reads none yet.</summary>
    /// <exception cref="UserException">There are none.</exception>
    public Pretrainer(MLContext ml, PretrainSettings settings)
    {
        _ml = ml;
        _settings = settings;
        try
        {
            _pairs = ml.Data.LoadFromVideos(
                settings.Videos,
                Defaults.Videos(settings.Size ?? Defaults.TrainingSize(settings.Preset))
            );
        }
        catch (ArgumentException exception)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    /// <summary>Trains; stopped by the token, it gives what was learned so far.</summary>
    public TdvModel Run(CancellationToken cancellation)
    {
        Terminal.Heading($"Learning from the videos in '{_settings.Videos}', without labels");
        return TrainingProgress.Show(progress =>
        {
            using var recorder = _settings.Run is { } run ? new RunRecorder(run, progress) : null;
            var options = new TdvOptions
            {
                Preset = _settings.Preset,
                ImageSize = _settings.Size,
                Steps = _settings.Steps ?? Defaults.Steps(_settings.Preset),
                Seed = _settings.Seed,
                Precision = _settings.Precision,
                PreviousFrameColumnName = Columns.PreviousFrame,
                Progress = recorder ?? progress,
                CancellationToken = cancellation,
                CheckpointDirectory = _settings.Run?.Checkpoints,
                CheckpointEverySteps = _settings.CheckpointEvery,
            };
            return _ml.Transforms.TdvFeaturize(Columns.Features, Columns.Frame, options).Fit(_pairs).Model;
        });
    }
}
