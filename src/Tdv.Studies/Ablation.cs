using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Training;

namespace Tdv.Studies;

/// <summary>A row of the paper's Table 4: the recipe without one of its parts.</summary>
/// <param name="Key">Names its results.</param>
/// <param name="Title">What is missing.</param>
/// <param name="Paper">The paper's result, ImageNet kNN top-5 in percent.</param>
/// <param name="Change">Takes the part away.</param>
internal sealed record Ablation(string Key, string Title, double Paper, Func<Recipe, Recipe> Change) : IStudyRow
{
    public static IReadOnlyList<Ablation> All { get; } =
    [
        new("full", "full recipe", 17.05, recipe => recipe),
        new(
            "no-motion",
            "no motion encoder",
            1.87,
            recipe =>
                Of(recipe, objective => objective with { UseMotion = false }) with
                {
                    Network = recipe.Network with { MotionDepth = 0 },
                }
        ),
        new("no-mse", "no MSE", 1.58, recipe => Of(recipe, objective => objective with { MseWeight = 0 })),
        new(
            "no-centering",
            "no centering",
            11.15,
            recipe => Distilled(recipe, distillation => distillation with { Centering = false })
        ),
        new(
            "no-temperature",
            "no temperature",
            15.85,
            recipe =>
                Distilled(recipe, distillation => distillation with { StudentTemperature = 1, TeacherTemperature = 1 })
        ),
        new(
            "no-cls-attended",
            "no CLS in cross attention",
            10.78,
            recipe => recipe with { Network = recipe.Network with { AttendCls = false } }
        ),
        new("no-cls-loss", "no CLS loss", 10.66, recipe => Of(recipe, objective => objective with { ClsWeight = 0 })),
    ];

    private static Recipe Of(Recipe recipe, Func<ObjectiveOptions, ObjectiveOptions> change) =>
        recipe with
        {
            Training = recipe.Training with { Objective = change(recipe.Training.Objective) },
        };

    private static Recipe Distilled(Recipe recipe, Func<DistillationOptions, DistillationOptions> change) =>
        Of(recipe, objective => objective with { Distillation = change(objective.Distillation) });
}
