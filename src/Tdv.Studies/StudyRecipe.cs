using Tdv.MLNet;

namespace Tdv.Studies;

/// <summary>A way to pretrain <see cref="TdvPreset.Tiny"/> that is compared with others.</summary>
/// <param name="Key">Names its results.</param>
/// <param name="Title">What is particular about it.</param>
/// <param name="Change">Makes it of the options that all have; null: the network is not trained.</param>
internal sealed record StudyRecipe(string Key, string Title, Func<TdvOptions, TdvOptions>? Change) : IStudyRow
{
    public static IReadOnlyList<StudyRecipe> All { get; } =
    [
        new("untrained", "untrained network", null),
        new("regularized", "TDV with variance and covariance terms", Regularized),
        new("plain", "TDV alone", options => options with { Regularization = TdvRegularization.None }),
        new(
            "regularization-alone",
            "variance and covariance terms alone, without TDV's losses",
            options => Regularized(options) with { Ablation = WithoutLosses }
        ),
    ];

    private static TdvOptions Regularized(TdvOptions options) =>
        options with
        {
            Regularization = new TdvRegularization(),
        };

    private static MLNet.Pretraining.Recipe WithoutLosses(MLNet.Pretraining.Recipe recipe) =>
        recipe with
        {
            Training = recipe.Training with
            {
                Objective = recipe.Training.Objective with { MseWeight = 0, ClsWeight = 0, PatchWeight = 0 },
            },
        };
}
