using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Featurizing;
using Tdv.Samples.Demo;
using Tdv.Samples.Output;
using Tdv.Samples.Pipeline;

namespace Tdv.Samples.Studies;

/// <summary>The paper's Table 4 at small scale: the recipe without one of its parts at a time, on the same budget.</summary>
internal sealed class AblationStudy
{
    private const string TrainingGain = "trainingGain";
    private const string Gain = "gain";
    private const string Rank = "rank";
    private const string Deviation = "deviation";
    private const string FrameProbe = "probe";
    private const string MotionProbe = "motionProbe";

    /// <summary>Pixels of each image: as many as an image of 128 pixels has cells.</summary>
    private const int ProbeSamples = 256;

    private readonly AblationSettings _settings;
    private readonly StudyFolder _folder;
    private readonly DemoData _data;

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public AblationStudy(AblationSettings settings)
    {
        _settings = settings;
        OutputFolder.Prepare(settings.Out);
        _data = new DemoData(settings.Film, Path.Combine(settings.Out, "data"));
        _folder = new StudyFolder(
            settings.Out,
            $"{settings.Steps} steps, {settings.Size} pixels, "
                + $"{settings.Videos ?? $"own clips {settings.Film}"}, {settings.TestVideos}, {settings.Train}, {settings.Test}"
        );
    }

    private bool FilmsItself => _settings.Videos is null;

    private string TestVideos =>
        _settings.TestVideos ?? _settings.Videos ?? Path.Combine(Path.GetDirectoryName(_data.TrainVideos)!, "test");

    public void Run(CancellationToken cancellation)
    {
        Terminal.Heading(
            $"{Ablation.All.Count} recipes, {_settings.Seeds} seeds, {_settings.Steps} steps at {_settings.Size} pixels each"
        );
        if (FilmsItself && !File.Exists(_data.TestList))
        {
            _data.Write();
        }

        var clock = Stopwatch.StartNew();
        var results = new Dictionary<Ablation, List<IReadOnlyDictionary<string, double>>>();
        // Seed by seed, so that a study that was stopped has something of each row.
        for (int seed = 0; seed < _settings.Seeds; seed++)
        {
            foreach (var ablation in Ablation.All)
            {
                var figures = _folder.Get($"{ablation.Key}-seed{seed}", () => Train(ablation, seed, cancellation));
                Terminal.Line(
                    $"{ablation.Title}, seed {seed}: "
                        + string.Join("  ", figures.Select(figure => $"{figure.Key} {figure.Value:F3}"))
                );
                results.TryAdd(ablation, []);
                results[ablation].Add(figures);
            }
        }

        var table = Table(results);
        table.Show();
        table.Save(_settings.Out, "ablation");
        Terminal.Line($"{clock.Elapsed.TotalSeconds:F0} s; tables in '{_settings.Out}'");
    }

    private Dictionary<string, double> Train(Ablation ablation, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var ml = Context.Create(seed);
        var reports = new StepReports();
        var options = new TdvOptions
        {
            Steps = _settings.Steps,
            Seed = seed,
            Progress = reports,
            CancellationToken = cancellation,
            ImageSize = _settings.Size,
            Ablation = ablation.Change,
        };
        var videos = StudyVideos.Load(ml, _settings.Videos ?? _data.TrainVideos, _settings.Size);
        using var transformer = ml.Transforms.TdvFeaturize(Columns.Features, Columns.Frame, options).Fit(videos);
        // A training that is stopped gives what it has; that is no result.
        cancellation.ThrowIfCancellationRequested();
        double trained = clock.Elapsed.TotalSeconds;
        var model = transformer.Model;
        var metrics = ml.Transforms.TdvEvaluate(StudyVideos.Load(ml, TestVideos, _settings.Size), model);
        var figures = new Dictionary<string, double>
        {
            [TrainingGain] = reports.LastGain,
            [Gain] = metrics.PredictionGain,
            [Rank] = metrics.EffectiveRank,
            [Deviation] = metrics.Deviation,
        };
        AddProbes(figures, ml, model, seed);
        figures["trainingSeconds"] = Math.Round(trained, 1);
        figures["seconds"] = Math.Round(clock.Elapsed.TotalSeconds, 1);
        return figures;
    }

    /// <summary>The last layer alone and no position: what only the training can have put there.</summary>
    private void AddProbes(Dictionary<string, double> figures, MLContext ml, TdvModel model, int seed)
    {
        var choice = new FeatureChoice([model.Depth], Position: false);
        var sets =
            _settings is { Train: { } train, Test: { } test, Classes: { } classes }
                ? new LabeledSets(ml, train, test, classes, choice)
            : FilmsItself ? new LabeledSets(ml, _data.TrainList, _data.TestList, _data.Classes, choice)
            : null;
        if (sets is null)
        {
            return;
        }

        bool motion = sets.HasMotion && model.HasMotionEncoder;
        var features = sets.OfNetwork(model, motion);
        figures[FrameProbe] = features
            .Evaluate([Columns.Features], seed, neighbors: 0, samplesPerImage: ProbeSamples)
            .Probe.MeanIoU;
        if (motion)
        {
            figures[MotionProbe] = features
                .Evaluate([Columns.Features, Columns.Motion], seed, neighbors: 0, samplesPerImage: ProbeSamples)
                .Probe.MeanIoU;
        }
    }

    private ResultTable Table(Dictionary<Ablation, List<IReadOnlyDictionary<string, double>>> results)
    {
        string[] probes = [.. new[] { FrameProbe, MotionProbe }.Where(results[Ablation.All[0]][0].ContainsKey)];
        return new ResultTable(
            "Ablation: the recipe without one of its parts",
            $"Mean ± standard deviation of {_settings.Seeds} seeds; {_settings.Steps} steps of the tiny preset at "
                + $"{_settings.Size} pixels on {_settings.Videos ?? "generated clips"}. Prediction gain over copying the frame, on "
                + "unseen clips, against the network's own features (1 perfect, 0 no better), and at the end of the "
                + "training, against the teacher's. Rank and deviation: of patch features; deviation 0 is a collapse. Probe: "
                + "mIoU of a linear probe in percent, last layer, no position. Paper: ImageNet kNN top-5, Table 4.",
            [
                "recipe",
                "prediction gain",
                "gain in training",
                "effective rank",
                "deviation",
                .. probes.Select(probe => probe == FrameProbe ? "probe" : "probe with motion"),
                "paper",
            ],
            [
                .. results.Select(result =>
                    (object[])
                        [
                            result.Key.Title,
                            Mean(result.Value, Gain, 2),
                            Mean(result.Value, TrainingGain, 2),
                            Mean(result.Value, Rank, 1),
                            Mean(result.Value, Deviation, 2),
                            .. probes.Select(probe => Mean(result.Value, probe, 1, factor: 100)),
                            result.Key.Paper,
                        ]
                ),
            ]
        );
    }

    private static object Mean(
        List<IReadOnlyDictionary<string, double>> seeds,
        string figure,
        int digits,
        double factor = 1
    ) => Spread.Of([.. seeds.Select(figures => factor * figures.GetValueOrDefault(figure, double.NaN))], digits);
}
