using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;

namespace Tdv.Studies;

/// <summary>
/// Recipes for the smallest network, compared by what their features know. Training and each evaluation are parts of their
/// own: what is finished is never done again, and a new evaluation finds the weights of earlier trainings.
/// </summary>
/// <exception cref="UserException">Something is missing or wrong.</exception>
internal sealed class RecipeStudy
{
    private const int NeighborCount = 20;
    private readonly RecipeSettings _settings;
    private readonly RecipeTraining _training;
    private readonly RecipeTable _table;
    private readonly IReadOnlyList<(
        string Name,
        string Settings,
        Func<RecipeRun, TdvModel, Dictionary<string, double>> Evaluate
    )> _parts;

    public RecipeStudy(RecipeSettings settings)
    {
        _settings = settings;
        OutputFolder.Prepare(settings.Out);
        _training = new RecipeTraining(settings);
        _table = new RecipeTable(settings.Table ?? Path.Combine(settings.Out, "recipe.tsv"));
        string labels = $"{settings.Train}, {settings.Test}, {settings.Classes}";
        _parts =
        [
            ("pixels", $"last layer, no position, {labels}", OfLastLayer),
            ("video", string.Join(", ", settings.Unseen), OfVideo),
            ("spread", string.Join(", ", settings.Unseen), OfSpread),
            ("default-pixels", $"default features, {labels}", OfDefaultFeatures),
        ];
    }

    /// <exception cref="OperationCanceledException">It was stopped; started again, it goes on.</exception>
    public void Run(CancellationToken cancellation)
    {
        Terminal.Heading(
            $"{_settings.Recipes.Count} recipes, {_settings.Seeds} seeds, {_settings.Steps} steps at {_settings.Size} pixels, "
                + $"{_training.Videos().Count} videos"
        );
        // Seed by seed, so that a study that was stopped has something of each recipe.
        for (int seed = 0; seed < _settings.Seeds; seed++)
        {
            foreach (var recipe in _settings.Recipes)
            {
                Run(
                    new RecipeRun(recipe, seed, recipe.Change is null ? 0 : _settings.Steps, _settings.Size),
                    cancellation
                );
            }
        }
    }

    private void Run(RecipeRun run, CancellationToken cancellation)
    {
        using var model = new LazyModel(() => _training.Load(run));
        Do("training", string.Join(", ", _settings.Videos), () => _training.Train(run, cancellation));
        foreach (var (name, settings, evaluate) in _parts)
        {
            Do(name, settings, () => evaluate(run, model.Value));
        }

        void Do(string part, string settings, Func<Dictionary<string, double>> compute)
        {
            cancellation.ThrowIfCancellationRequested();
            var clock = Stopwatch.StartNew();
            var figures = new StudyFolder(_settings.Out, settings).Get($"{run.Name}-{part}", compute);
            _table.Note(run, figures);
            Terminal.Line(
                $"{run.Recipe.Title}, seed {run.Seed}, {part}: "
                    + string.Join("  ", figures.Select(f => FormattableString.Invariant($"{f.Key} {f.Value:0.###}")))
                    + FormattableString.Invariant($" ({clock.Elapsed.TotalSeconds:F0} s)")
            );
        }
    }

    /// <summary>The last layer alone and without position: what only the training can have put there.</summary>
    private Dictionary<string, double> OfLastLayer(RecipeRun run, TdvModel model) =>
        OfPixels(run, model, new FeatureChoice([model.Depth], Position: false), "probe", "neighbors");

    /// <summary>As the product has it without a wish: three layers and position.</summary>
    private Dictionary<string, double> OfDefaultFeatures(RecipeRun run, TdvModel model) =>
        OfPixels(run, model, new FeatureChoice(), "defaultProbe", "defaultNeighbors");

    private Dictionary<string, double> OfPixels(
        RecipeRun run,
        TdvModel model,
        FeatureChoice choice,
        string probe,
        string neighbors
    )
    {
        if (_settings is not { Train: { } train, Test: { } test, Classes: { } classes })
        {
            return [];
        }

        var sets = new LabeledSets(Context.Create(run.Seed), train, test, classes, choice);
        var metrics = sets.OfNetwork(model, motion: false).Evaluate([Columns.Features], run.Seed, NeighborCount);
        return new() { [probe] = 100 * metrics.Probe.MeanIoU, [neighbors] = 100 * metrics.Neighbors!.MeanIoU };
    }

    private Dictionary<string, double> OfVideo(RecipeRun run, TdvModel model)
    {
        var ml = Context.Create(run.Seed);
        var metrics = ml.Transforms.EvaluateVideo(RecipeTraining.Pairs(ml, _settings.Unseen, run.Size), model);
        return new()
        {
            ["gain"] = metrics.PredictionGain,
            ["rank"] = metrics.EffectiveRank,
            ["deviation"] = metrics.Deviation,
        };
    }

    /// <summary>What the features differ by.</summary>
    private Dictionary<string, double> OfSpread(RecipeRun run, TdvModel model)
    {
        var ml = Context.Create(run.Seed);
        var spread = ml.Transforms.EvaluateVideo(RecipeTraining.Pairs(ml, _settings.Unseen, run.Size), model).Spread;
        return new()
        {
            ["frameRank"] = spread.FrameRank,
            ["videoRank"] = spread.VideoRank,
            ["positionShare"] = spread.PositionShare,
            ["videoShare"] = spread.VideoShare,
            ["timeShare"] = spread.TimeShare,
            ["contentShare"] = spread.ContentShare,
        };
    }

    /// <summary>A network that is loaded where a part is not there yet.</summary>
    private sealed class LazyModel(Func<TdvModel> load) : IDisposable
    {
        private TdvModel? _model;

        public TdvModel Value => _model ??= load();

        public void Dispose() => _model?.Dispose();
    }
}
