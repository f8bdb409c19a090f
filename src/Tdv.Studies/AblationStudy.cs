using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;

namespace Tdv.Studies;

/// <summary>The paper's Table 4 at small scale: the recipe without one of its parts at a time, on the same budget.</summary>
/// <exception cref="UserException">Something is missing or wrong.</exception>
internal sealed class AblationStudy(StudySettings settings)
{
    private const string TrainingGain = "trainingGain";
    private const string Gain = "gain";
    private const string Rank = "rank";
    private const string Deviation = "deviation";
    private const string FrameProbe = "probe";
    private const string MotionProbe = "motionProbe";

    private readonly TrainingStudy _study = new(settings);

    public void Run(CancellationToken cancellation) =>
        _study.Finish(
            Table(_study.Run(Ablation.All, (ablation, seed) => Train(ablation, seed, cancellation))),
            "ablation"
        );

    private Dictionary<string, double> Train(Ablation ablation, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var ml = Context.Create(seed);
        var reports = new StepReports();
        var options = _study.Options(seed, cancellation) with { Progress = reports, Ablation = ablation.Change };
        using var transformer = ml
            .Transforms.TdvFeaturize(Columns.Features, Columns.Frame, options)
            .Fit(_study.TrainingPairs(ml));
        // A training that is stopped gives what it has; that is no result.
        cancellation.ThrowIfCancellationRequested();
        double trained = clock.Elapsed.TotalSeconds;
        var model = transformer.Model;
        var metrics = ml.Transforms.EvaluateVideo(_study.UnseenPairs(ml), model);
        var figures = new Dictionary<string, double>
        {
            [TrainingGain] = reports.LastGain,
            [Gain] = metrics.PredictionGain,
            [Rank] = metrics.EffectiveRank,
            [Deviation] = metrics.Deviation,
        };
        AddProbes(figures, ml, model, seed);
        figures["trainingSeconds"] = Math.Round(trained, 1);
        return figures;
    }

    private void AddProbes(Dictionary<string, double> figures, MLContext ml, TdvModel model, int seed)
    {
        if (_study.Labeled(ml, model.Depth) is not { } sets)
        {
            return;
        }

        bool motion = sets.HasMotion && model.HasMotionEncoder;
        var features = sets.OfNetwork(model, motion);
        figures[FrameProbe] = Probe(Columns.Features);
        if (motion)
        {
            figures[MotionProbe] = Probe(Columns.Features, Columns.Motion);
        }

        double Probe(params string[] columns) =>
            features.Evaluate(columns, seed, neighbors: 0, samplesPerImage: TrainingStudy.ProbeSamples).Probe.MeanIoU;
    }

    private ResultTable Table(
        IReadOnlyList<(Ablation Row, IReadOnlyList<IReadOnlyDictionary<string, double>> Seeds)> results
    )
    {
        string[] probes = [.. new[] { FrameProbe, MotionProbe }.Where(results[0].Seeds[0].ContainsKey)];
        return new ResultTable(
            "Ablation: the recipe without one of its parts",
            $"{_study.Describe()} Prediction gain over copying the frame, on "
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
                            result.Row.Title,
                            TrainingStudy.Mean(result.Seeds, Gain, 2),
                            TrainingStudy.Mean(result.Seeds, TrainingGain, 2),
                            TrainingStudy.Mean(result.Seeds, Rank, 1),
                            TrainingStudy.Mean(result.Seeds, Deviation, 2),
                            .. probes.Select(probe => TrainingStudy.Mean(result.Seeds, probe, 1, factor: 100)),
                            result.Row.Paper,
                        ]
                ),
            ]
        );
    }
}
