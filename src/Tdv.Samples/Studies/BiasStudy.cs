using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Featurizing;
using Tdv.Samples.Output;
using Tdv.Samples.Pipeline;
using Tdv.Samples.Studies.Dino;

namespace Tdv.Samples.Studies;

/// <summary>
/// The paper's Table 1 at small scale: DINO from which one bias after the other is taken away, and TDV, which has none of
/// them, on the same frames with the same frame encoder, head and optimizer.
/// </summary>
/// <exception cref="UserException">Something is missing or wrong.</exception>
internal sealed class BiasStudy(StudySettings settings)
{
    private const string Rank = "rank";
    private const string Deviation = "deviation";
    private const string ClsDeviation = "clsDeviation";
    private const string Nearest = "nearestClip";
    private const string Entropy = "teacherEntropy";
    private const string ToldApart = "toldApart";
    private const string Probe = "probe";
    private const string Neighbors = "neighbors";
    private const int NeighborCount = 20;

    private readonly TrainingStudy _study = new(settings);

    public void Run(CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var results = _study.Run(Bias.All, (bias, seed) => Train(bias, seed, cancellation));
        _study.Finish(Table(results), "bias");
        Terminal.Line($"{clock.Elapsed.TotalSeconds:F0} s");
    }

    private Dictionary<string, double> Train(Bias bias, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var ml = Context.Create(seed);
        var figures = new Dictionary<string, double>();
        using var model = Model(bias, ml, seed, figures, cancellation);
        // A training that is stopped gives what it has; that is no result.
        cancellation.ThrowIfCancellationRequested();
        double trained = clock.Elapsed.TotalSeconds;
        var metrics = ml.Transforms.TdvEvaluate(_study.UnseenPairs(ml), model);
        var cls = ClsHealth.Measure(ml, _study.UnseenPairs(ml), model);
        figures[Rank] = metrics.EffectiveRank;
        figures[Deviation] = metrics.Deviation;
        figures[ClsDeviation] = cls.Deviation;
        figures[Nearest] = cls.Nearest;
        if (_study.Labeled(ml, model.Depth) is { } sets)
        {
            var pixels = sets.OfNetwork(model, motion: false)
                .Evaluate([Columns.Features], seed, NeighborCount, samplesPerImage: TrainingStudy.ProbeSamples);
            figures[Probe] = pixels.Probe.MeanIoU;
            figures[Neighbors] = pixels.Neighbors!.MeanIoU;
        }

        figures["trainingSeconds"] = Math.Round(trained, 1);
        return figures;
    }

    private TdvModel Model(
        Bias bias,
        MLContext ml,
        int seed,
        Dictionary<string, double> figures,
        CancellationToken cancellation
    )
    {
        var options = _study.Options(seed, cancellation);
        if (bias.Views is { } views)
        {
            var (model, teacher) = new DinoPretraining(ml, options, views).Run(
                _study.TrainingPairs(ml),
                _study.UnseenPairs(ml)
            );
            figures[Entropy] = teacher.Entropy;
            figures[ToldApart] = teacher.ToldApart;
            return model;
        }

        return bias == Bias.Untrained
            ? TdvModel.Create(Recipe.From(options).Network with { MotionDepth = 0 }, seed)
            : ml.Transforms.TdvFeaturize(Columns.Features, Columns.Frame, options).Fit(_study.TrainingPairs(ml)).Model;
    }

    private ResultTable Table(
        IReadOnlyList<(Bias Row, IReadOnlyList<IReadOnlyDictionary<string, double>> Seeds)> results
    )
    {
        (string Key, string Column, int Digits, double Factor)[] columns =
        [
            (Rank, "effective rank", 1, 1),
            (Deviation, "deviation", 2, 1),
            (ClsDeviation, "CLS deviation", 3, 1),
            (Entropy, "teacher's entropy", 2, 1),
            (ToldApart, "frames told apart", 1, 1),
            (Nearest, "kNN of the clip", 1, 100),
            (Probe, "probe mIoU", 1, 100),
            (Neighbors, "kNN mIoU", 1, 100),
        ];
        columns = [.. columns.Where(column => results.Any(result => result.Seeds[0].ContainsKey(column.Key)))];
        return new ResultTable(
            "Which biases DINO needs",
            $"{_study.Describe()} DINO trains the same frame encoder on the same frames one by one, with its own temperatures "
                + $"({DinoTrainer.Distribution.TeacherTemperature} teacher, {DinoTrainer.Distribution.StudentTemperature} "
                + "student) and a teacher that starts as a copy of the student. Rank and deviation: of patch features on "
                + "unseen clips; CLS deviation: of whole frames' vectors; a deviation of 0 is a collapse. Teacher's entropy: "
                + "of its distribution over prototypes, 1 if uniform; frames told apart by it, of 64: 1 is a collapse. kNN of the "
                + "clip: how often CLS finds a frame's own clip, percent. Probe and kNN: mIoU of pixels in percent, last layer, no "
                + "position. Paper: ImageNet kNN top-5, Table 1.",
            ["recipe", .. columns.Select(column => column.Column), "paper"],
            [
                .. results.Select(result =>
                    (object[])
                        [
                            result.Row.Title,
                            .. columns.Select(column =>
                                TrainingStudy.Mean(result.Seeds, column.Key, column.Digits, column.Factor)
                            ),
                            result.Row.Paper,
                        ]
                ),
            ]
        );
    }
}
