using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Probing;

/// <summary>What a network's features know of pixels, beside those of simpler ways to have features.</summary>
internal sealed class Probe
{
    private const int Neighbors = 20;
    private const string UntrainedFrame = "untrained network, frame";
    private const string UntrainedBoth = "untrained network, frame and motion";
    private const string UntrainedColor = "untrained network, and color";
    private const string Color = "color and position, no network";
    private const string Frame = "TDV, frame without motion";
    private const string Motion = "TDV, motion alone";
    private const string Both = "TDV, frame and motion";
    private const string BothColor = "TDV, and color";

    private readonly ProbeSettings _settings;
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly LabeledSets _sets;
    private readonly Networks _networks;
    private readonly IDataView? _pairs;
    private readonly Dictionary<string, List<FeatureMetrics>> _results = [];

    /// <exception cref="UserException">Something is missing or wrong.</exception>
    public Probe(ProbeSettings settings)
    {
        _settings = settings;
        _sets = new LabeledSets(_ml, settings.Train, settings.Test, settings.Classes, settings.Features);
        _networks = new Networks(settings.Weights);
        _pairs = settings.Videos is { } videos ? ProbeVideos.Load(_ml, videos, _networks.TrainingSize) : null;
    }

    private bool HasMotion => _sets.HasMotion && _networks.HasMotion;

    public void Run(CancellationToken cancellation)
    {
        using var folder = OutputFolder.Open(_settings.Out);
        string[] models = [.. _settings.Weights.Select(ModelHash.Of)];
        Terminal.Heading($"Probing frozen features: {_sets.Count} labeled images, {_sets.TestCount} unseen ones");
        for (int seed = 0; seed < _settings.Seeds; seed++)
        {
            using (var untrained = _networks.Untrained(seed))
            {
                Evaluate(untrained, UntrainedFrame, null, UntrainedBoth, UntrainedColor, seed, cancellation);
            }

            var color = _sets.OfColor(_networks.TrainingSize, _networks.PatchSize);
            Add(Color, color, [Columns.Color], seed, cancellation);
            using var trained = _networks.Trained(seed);
            Evaluate(trained, Frame, Motion, Both, BothColor, seed, cancellation);
        }

        Report(folder, models);
        if (_pairs is not null)
        {
            Predict(_pairs, folder, models, cancellation);
        }
    }

    private void Evaluate(
        TdvModel model,
        string frame,
        string? motion,
        string both,
        string color,
        int seed,
        CancellationToken cancellation
    )
    {
        var features = _sets.OfNetwork(model, HasMotion, color: true);
        Add(frame, features, [Columns.Features], seed, cancellation);
        if (HasMotion)
        {
            if (motion is not null)
            {
                Add(motion, features, [Columns.Motion], seed, cancellation);
            }

            Add(both, features, [Columns.Features, Columns.Motion], seed, cancellation);
        }

        string[] learned = HasMotion ? [Columns.Features, Columns.Motion] : [Columns.Features];
        Add(color, features, [.. learned, Columns.Color], seed, cancellation);
    }

    private void Add(string name, LabeledFeatures features, string[] kinds, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var metrics = features.Evaluate(kinds, seed, Neighbors);
        if (!_results.TryGetValue(name, out var all))
        {
            _results[name] = all = [];
        }

        all.Add(metrics);
        Terminal.Line(
            $"{name}, seed {seed}: probe {metrics.Probe}, neighbors mIoU={metrics.Neighbors!.MeanIoU:F3} "
                + $"({clock.Elapsed.TotalSeconds:F0} s)"
        );
    }

    private void Report(OutputFolder folder, string[] models)
    {
        string seeds = _settings.Seeds == 1 ? "one seed" : $"mean ± standard deviation of {_settings.Seeds} seeds";
        var table = new ResultTable(
            "What frozen features know of pixels",
            $"Percent; {seeds}. Probe: linear, on whitened features. Neighbors: {Neighbors}, cosine, temperature 0.07. "
                + $"{_settings.Features}. {_sets.Count} images to train on, {_sets.TestCount} to test with.",
            ["features", "probe mIoU", "probe mAcc", "probe pixel accuracy", "neighbors mIoU"],
            [
                .. _results.Select(result =>
                    (object[])
                        [
                            result.Key,
                            Spread.Percent(result.Value.Select(m => m.Probe.MeanIoU)),
                            Spread.Percent(result.Value.Select(m => m.Probe.MeanClassAccuracy)),
                            Spread.Percent(result.Value.Select(m => m.Probe.PixelAccuracy)),
                            Spread.Percent(result.Value.Select(m => m.Neighbors!.MeanIoU)),
                        ]
                ),
            ]
        );
        table.Show();
        table.Save(folder, "probe", models);
        Classes().Save(folder, "probe-classes", models);
        string best = HasMotion ? Both : Frame;
        ConfusionFile.Save(folder, "probe", $"{best}: linear probe, seed 0", _results[best][0].Probe, models[0]);
        Terminal.Line($"wrote tables and confusion to '{_settings.Out}'");
    }

    private ResultTable Classes() =>
        new(
            "IoU of each class, linear probe",
            "Percent; – for a class that does not occur.",
            ["class", .. _results.Keys],
            [
                .. _results
                    .First()
                    .Value[0]
                    .Probe.ClassNames.Select(
                        (name, i) =>
                            (object[])
                                [
                                    name,
                                    .. _results.Values.Select(all =>
                                        Spread.Percent(all.Select(m => m.Probe.PerClassIoU[i]))
                                    ),
                                ]
                    ),
            ]
        );

    private void Predict(IDataView pairs, OutputFolder folder, string[] models, CancellationToken cancellation)
    {
        var rows = new List<object[]>();
        foreach (
            var (name, create) in new[]
            {
                ("untrained network", (Func<int, TdvModel>)_networks.Untrained),
                ("TDV", _networks.Trained),
            }
        )
        {
            var all = new List<VideoMetrics>();
            for (int seed = 0; seed < _settings.Seeds; seed++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var model = create(seed);
                all.Add(_ml.Transforms.EvaluateVideo(pairs, model, Columns.Frame, Columns.PreviousFrame));
            }

            rows.Add([
                name,
                Spread.Of([.. all.Select(m => m.PredictionGain)], 3),
                Spread.Of([.. all.Select(m => m.PredictedInformation)], 0),
                Spread.Of([.. all.Select(m => m.CopiedInformation)], 0),
                Spread.Of([.. all.Select(m => m.EffectiveRank)], 1),
                Spread.Of([.. all.Select(m => m.Deviation)], 3),
            ]);
        }

        var table = ProbeVideos.Table(_settings.Videos!, rows);
        table.Show();
        table.Save(folder, "videos", models);
    }
}
