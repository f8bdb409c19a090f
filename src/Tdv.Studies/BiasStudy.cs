using System.Diagnostics;
using Microsoft.ML;
using Tdv.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.Studies.Dino;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;

namespace Tdv.Studies;

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
    private const string Entropy = "teacherEntropy";
    private const string ToldApart = "toldApart";
    private const string Probe = "probe";
    private const string Neighbors = "neighbors";
    private const int NeighborCount = 20;

    private readonly TrainingStudy _study = new(settings);

    public void Run(CancellationToken cancellation) =>
        _study.Finish(Table(_study.Run(Bias.All, (bias, seed) => Train(bias, seed, cancellation))), "bias");

    private Dictionary<string, double> Train(Bias bias, int seed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var clock = Stopwatch.StartNew();
        var ml = Context.Create(seed);
        var figures = new Dictionary<string, double>();
        var unseen = new UnseenFrames(ml, _study.UnseenPairs(ml));
        using var model = Model(bias, ml, unseen, seed, figures, cancellation);
        // A training that is stopped gives what it has; that is no result.
        cancellation.ThrowIfCancellationRequested();
        double trained = clock.Elapsed.TotalSeconds;
        var metrics = ml.Transforms.EvaluateVideo(_study.UnseenPairs(ml), model);
        figures[Rank] = metrics.EffectiveRank;
        figures[Deviation] = metrics.Deviation;
        figures[ClsDeviation] = unseen.ClsDeviation(model);
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
        UnseenFrames unseen,
        int seed,
        Dictionary<string, double> figures,
        CancellationToken cancellation
    )
    {
        var options = _study.Options(seed, cancellation);
        if (bias.Views is { } views)
        {
            var (model, teacher) = new DinoPretraining(options, views).Run(_study.TrainingPairs(ml), unseen);
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
            (Probe, "probe mIoU", 1, 100),
            (Neighbors, "kNN mIoU", 1, 100),
        ];
        columns = [.. columns.Where(column => results.Any(result => result.Seeds[0].ContainsKey(column.Key)))];
        return new ResultTable(
            "DINO with one bias fewer at a time, beside TDV",
            $"{_study.Describe()} DINO trains the same frame encoder on the same frames one by one, teacher and student with "
                + FormattableString.Invariant(
                    $"DINO's temperatures, {DinoTrainer.Distribution.TeacherTemperature} and {DinoTrainer.Distribution.StudentTemperature}. "
                )
                + "Rank and deviation: of patch features on unseen clips. CLS deviation, teacher's entropy (1: uniform over the "
                + $"prototypes) and frames told apart by the teacher (1: none): of {UnseenFrames.Count} whole unseen frames. A "
                + "deviation of 0 is a collapse. Probe and kNN: mIoU of pixels in percent, last layer, no position. Paper: "
                + "ImageNet kNN top-5, Table 1.",
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
