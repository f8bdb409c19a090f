using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Motion;
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
    private const string Truth = "Truth";

    /// <summary>Of the frames of DAVIS, which come 24 a second.</summary>
    private const int DavisEvery = 2;

    /// <summary>Of each sequence, so that an evaluation takes minutes.</summary>
    private const int DavisFrames = 16;
    private const int DavisRows = 28;
    private const int DavisColumns = 50;
    private readonly RecipeSettings _settings;
    private readonly RecipeTraining _training;
    private readonly RecipeTable _table;
    private readonly IReadOnlyList<(
        string Name,
        bool HasData,
        string Settings,
        Func<RecipeRun, TdvModel, Dictionary<string, double>> Evaluate
    )> _parts;

    public RecipeStudy(RecipeSettings settings)
    {
        _settings = settings;
        OutputFolder.Open(settings.Out).Dispose();
        _training = new RecipeTraining(settings);
        _table = new RecipeTable(settings.Table ?? Path.Combine(settings.Out, "recipe.tsv"));
        string labels = $"{settings.Train}, {settings.Test}, {settings.Classes}";
        bool labeled = settings.Train is not null;
        _parts =
        [
            ("pixels", labeled, $"last layer, no position, {labels}", OfLastLayer),
            ("video", true, string.Join(", ", settings.Unseen), OfVideo),
            ("spread", true, string.Join(", ", settings.Unseen), OfSpread),
            ("information", true, string.Join(", ", settings.Unseen), OfInformation),
            (
                "propagation",
                settings.Davis is not null,
                string.Join(", ", [$"{settings.Davis}", .. settings.Sequences]),
                OfPropagation
            ),
            ("default-pixels", labeled, $"default features, {labels}", OfDefaultFeatures),
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
        // A part whose data was not given is no part: given later, it is computed then.
        foreach (var (name, _, settings, evaluate) in _parts.Where(part => part.HasData))
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
        var sets = new LabeledSets(
            Context.Create(run.Seed),
            _settings.Train!,
            _settings.Test!,
            _settings.Classes!,
            choice
        );
        var metrics = sets.OfNetwork(model, motion: false).Evaluate([Columns.Features], run.Seed, NeighborCount);
        return new() { [probe] = 100 * metrics.Probe.MeanIoU, [neighbors] = 100 * metrics.Neighbors!.MeanIoU };
    }

    private VideoMetrics Unseen(RecipeRun run, TdvModel model)
    {
        var ml = Context.Create(run.Seed);
        var pairs = RecipeTraining.Pairs(ml, _settings.Unseen, run.Size, Defaults.FrameInterval);
        return ml.Transforms.EvaluateVideo(pairs, model);
    }

    private Dictionary<string, double> OfVideo(RecipeRun run, TdvModel model)
    {
        var metrics = Unseen(run, model);
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
        var spread = Unseen(run, model).Spread;
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

    /// <summary>How much of the next frame is known.</summary>
    private Dictionary<string, double> OfInformation(RecipeRun run, TdvModel model)
    {
        var metrics = Unseen(run, model);
        return new() { ["predictedBits"] = metrics.PredictedInformation, ["copiedBits"] = metrics.CopiedInformation };
    }

    /// <summary>
    /// Masks of the first frame carried through short sequences by the last layer, which sees every second frame at 28×50
    /// cells: single objects, a threshold of 0.5.
    /// </summary>
    private Dictionary<string, double> OfPropagation(RecipeRun run, TdvModel model)
    {
        var ml = Context.Create(run.Seed);
        var set = DavisSet.Read(_settings.Davis!, _settings.Sequences, DavisEvery, DavisFrames);
        var rows = ml.Data.LoadFromEnumerable(set.Sequences.SelectMany(sequence => sequence.Rows()));
        var features = new TdvFeatureOptions
        {
            ImageHeight = DavisRows * model.PatchSize,
            ImageWidth = DavisColumns * model.PatchSize,
        };
        using var chain = ml
            .Transforms.LoadPictures(Columns.Frame, "", nameof(DavisFrame.Path))
            .Append(ml.Transforms.LoadMasks(Columns.Mask, "", nameof(DavisFrame.MaskPath), set.Classes))
            .Append(ml.Transforms.LoadMasks(Truth, "", nameof(DavisFrame.TruthPath), set.Classes))
            .Append(ml.Transforms.TdvFeaturize(Columns.Features, Columns.Frame, model, features))
            .Fit(rows);
        var carried = ml.Data.PropagateMasks(
            chain.Transform(rows),
            new() { Decision = MaskDecision.Largest, PatchSize = model.PatchSize }
        );
        var metrics = ml.MulticlassClassification.EvaluatePropagation(carried, Truth);
        return new() { ["propagationJ"] = 100 * metrics.Region.Mean, ["propagationF"] = 100 * metrics.Boundary.Mean };
    }

    /// <summary>A network that is loaded where a part is not there yet.</summary>
    private sealed class LazyModel(Func<TdvModel> load) : IDisposable
    {
        private TdvModel? _model;

        public TdvModel Value => _model ??= load();

        public void Dispose() => _model?.Dispose();
    }
}
