using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Studies;

/// <summary>Trains the networks of a study of recipes; one that was stopped goes on from its last checkpoint.</summary>
internal sealed class RecipeTraining(RecipeSettings settings)
{
    private const double CheckpointMinutes = 5;

    /// <summary>The videos that count for training: what was named, without the unseen ones.</summary>
    /// <exception cref="UserException">None is left.</exception>
    public IReadOnlyList<string> Videos() => HeldOutVideos.Of(settings.Videos, settings.Unseen).Learned;

    /// <summary>A run's network: its weights if it was trained.</summary>
    public TdvModel Load(RecipeRun run) =>
        run.Recipe.Change is null
            ? TdvModel.Create(MLNet.Pretraining.Recipe.From(run.Options()).Network, run.Seed)
            : TdvModel.Load(WeightsOf(run));

    /// <summary>Trains a run and saves its weights.</summary>
    /// <returns>Figures of the training.</returns>
    /// <exception cref="OperationCanceledException">It was stopped; the same call goes on with it.</exception>
    public Dictionary<string, double> Train(RecipeRun run, CancellationToken cancellation)
    {
        if (run.Recipe.Change is null)
        {
            return [];
        }

        var ml = Context.Create(run.Seed);
        var reports = new RecipeReports();
        string checkpoints = Path.Combine(settings.Out, "checkpoints", run.Name);
        var options = run.Options() with
        {
            Progress = reports,
            CancellationToken = cancellation,
            CheckpointDirectory = checkpoints,
            CheckpointEveryMinutes = CheckpointMinutes,
        };
        using (
            var transformer = ml
                .Transforms.TdvFeaturize(Columns.Features, Columns.Frame, options)
                .Fit(Pairs(ml, Videos(), run.Size, run.Recipe.FrameInterval))
        )
        {
            // A training that is stopped gives what it has; that is no result.
            cancellation.ThrowIfCancellationRequested();
            Directory.CreateDirectory(Path.GetDirectoryName(WeightsOf(run))!);
            transformer.Model.Save(WeightsOf(run));
        }

        Directory.Delete(checkpoints, recursive: true);
        return reports.Figures();
    }

    /// <summary>Pairs at a distance in seconds, as many as at the paper's without a common frame, shrunk while decoding.</summary>
    public static IDataView Pairs(MLContext ml, IReadOnlyList<string> videos, int size, double interval) =>
        ml.Data.LoadFromVideos(
            videos,
            Defaults.Videos(size) with
            {
                FrameInterval = interval,
                RowInterval = Defaults.FrameInterval,
            }
        );

    private string WeightsOf(RecipeRun run) => Path.Combine(settings.Out, "weights", $"{run.Name}.safetensors");
}
