using Tdv.MLNet;
using Tdv.MLNet.Training;
using Tdv.Tool.Pipeline;

namespace Tdv.Studies;

/// <summary>A way to pretrain <see cref="TdvPreset.Tiny"/> that is compared with others.</summary>
/// <param name="Key">Names its results.</param>
/// <param name="Title">What is particular about it.</param>
/// <param name="Change">Makes it of the options that all have; null: the network is not trained.</param>
internal sealed record StudyRecipe(string Key, string Title, Func<TdvOptions, TdvOptions>? Change) : IStudyRow
{
    /// <summary>Seconds between the two frames of a pair.</summary>
    public double FrameInterval { get; init; } = Defaults.FrameInterval;

    /// <summary>What is compared unless recipes are named: the one that works, and what it is made of.</summary>
    public static IReadOnlyList<StudyRecipe> Usual { get; } =
    [
        new("untrained", "untrained network", null),
        new("regularized", "TDV with variance and covariance terms", Regularized),
        new("plain", "TDV alone", options => options with { Regularization = TdvRegularization.None }),
        new(
            "regularization-alone",
            "variance and covariance terms alone, without TDV's losses",
            options => Objective(options, o => o with { MseWeight = 0, ClsWeight = 0, PatchWeight = 0 })
        ),
    ];

    /// <summary>The recipe that works with one thing changed.</summary>
    private static IReadOnlyList<StudyRecipe> Levers { get; } =
    [
        new("gap-0.1", "pairs 0.1 s apart", Regularized) { FrameInterval = 0.1 },
        new("gap-0.5", "pairs 0.5 s apart", Regularized) { FrameInterval = 0.5 },
        new("gap-1", "pairs 1 s apart", Regularized) { FrameInterval = 1 },
        new("rate-0.001", "rate 1e-3", options => Regularized(options) with { LearningRate = 1e-3 }),
        new("rate-0.004", "rate 4e-3", options => Regularized(options) with { LearningRate = 4e-3 }),
        new("variance-5", "variance weighs 5", options => Weighted(options, 5, 1)),
        new("variance-25", "variance weighs 25", options => Weighted(options, 25, 1)),
        new("both-3", "both terms weigh 3", options => Weighted(options, 3, 3)),
        new(
            "mse-alone",
            "squared error alone, no heads",
            o => Objective(o, x => x with { ClsWeight = 0, PatchWeight = 0 })
        ),
        new("no-mse", "distillation alone, no squared error", o => Objective(o, x => x with { MseWeight = 0 })),
        new("no-cls", "no distillation of CLS", options => Objective(options, o => o with { ClsWeight = 0 })),
        new(
            "patch-3",
            "distillation of patches weighs 3",
            options => Objective(options, o => o with { PatchWeight = 3 })
        ),
        new("sharp-0.05", "teacher temperature 0.05", options => Objective(options, Sharp)),
        new("momentum-0.97", "teacher momentum 0.97", o => Training(o, t => t with { TeacherMomentum = 0.97 })),
        new("momentum-0.998", "teacher momentum 0.998", o => Training(o, t => t with { TeacherMomentum = 0.998 })),
        new(
            "motion-0.1",
            "motion encoder at a tenth of the rate",
            o => Training(o, t => t with { MotionMultiplier = 0.1 })
        ),
        new("decay-0.1", "weight decay 0.1", options => Training(options, t => t with { WeightDecay = 0.1 })),
        new("batch-16", "16 pairs a step", options => Regularized(options) with { BatchSize = 16 }),
    ];

    public static IReadOnlyList<StudyRecipe> All { get; } = [.. Usual, .. Levers];

    private static TdvOptions Regularized(TdvOptions options) => Weighted(options, 1, 1);

    private static TdvOptions Weighted(TdvOptions options, double variance, double covariance) =>
        options with
        {
            Regularization = new() { VarianceWeight = variance, CovarianceWeight = covariance },
        };

    private static ObjectiveOptions Sharp(ObjectiveOptions objective) =>
        objective with
        {
            Distillation = objective.Distillation with { TeacherTemperature = 0.05 },
        };

    private static TdvOptions Objective(TdvOptions options, Func<ObjectiveOptions, ObjectiveOptions> change) =>
        Training(options, training => training with { Objective = change(training.Objective) });

    private static TdvOptions Training(TdvOptions options, Func<TrainingOptions, TrainingOptions> change) =>
        Regularized(options) with
        {
            Ablation = recipe => recipe with { Training = change(recipe.Training) },
        };
}
