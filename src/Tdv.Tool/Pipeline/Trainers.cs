using Microsoft.ML;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.LightGbm;

namespace Tdv.Tool.Pipeline;

/// <summary>The classifiers of pixels that can be asked for by name.</summary>
internal static class Trainers
{
    public const string Lbfgs = "lbfgs";
    public const string Sdca = "sdca";
    public const string LightGbm = "lightgbm";

    public static IReadOnlyList<string> Names { get; } = [Lbfgs, Sdca, LightGbm];

    public static IEstimator<ITransformer> Create(MLContext ml, string name) =>
        name switch
        {
            Lbfgs => ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
                new LbfgsMaximumEntropyMulticlassTrainer.Options
                {
                    L1Regularization = 0,
                    L2Regularization = Defaults.LbfgsL2,
                    OptimizationTolerance = Defaults.LbfgsTolerance,
                    MaximumNumberOfIterations = Defaults.LbfgsIterations,
                }
            ),
            Sdca => ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(
                maximumNumberOfIterations: Defaults.SdcaIterations
            ),
            LightGbm => ml.MulticlassClassification.Trainers.LightGbm(
                new LightGbmMulticlassTrainer.Options { NumberOfIterations = Defaults.LightGbmTrees, Silent = true }
            ),
            _ => throw new ArgumentException($"There is no trainer '{name}'; choose {string.Join(", ", Names)}."),
        };
}
