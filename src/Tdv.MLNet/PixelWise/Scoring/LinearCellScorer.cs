using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>A linear model as one matrix product, the whitening folded into its weights. For any number of threads.</summary>
/// <param name="map">From raw features to a score for each class.</param>
/// <param name="calibrators">From each class's score to its probability; null where scores are evidence already.</param>
internal sealed class LinearCellScorer(AffineMap map, IReadOnlyList<ICalibrator>? calibrators = null) : CellScorer
{
    public AffineMap Map => map;

    public override bool IsLinear => calibrators is null;

    /// <summary>
    /// Reads the weights out of a multiclass linear model, or of the binary linear models under a one-versus-all one.
    /// </summary>
    /// <param name="whitening">What its features were whitened with, or null.</param>
    /// <returns>Null if the model is of another kind.</returns>
    public static LinearCellScorer? TryFold(ITransformer model, AffineMap? whitening, bool probabilities)
    {
        var last = model is TransformerChain<ITransformer> chain && chain.Count() == 1 ? chain.LastTransformer : model;
        var scorer = (last as ISingleFeaturePredictionTransformer<object>)?.Model switch
        {
            LinearMulticlassModelParametersBase linear => Read(linear),
            OneVersusAllModelParameters all => TryRead(MLNetInternals.SubModels(all), probabilities),
            _ => null,
        };
        // Parts of a trained classifier fit; those of a file may not.
        if (scorer is not null && whitening is not null && whitening.Outputs != scorer.Map.Inputs)
        {
            throw new InvalidDataException(
                $"The saved pixel classifier is damaged: its row model takes {scorer.Map.Inputs} features, its whitening "
                    + $"gives {whitening.Outputs}. Save it again."
            );
        }

        return scorer is null || whitening is null ? scorer : scorer.After(whitening);
    }

    public override void Score(float[] cells, int count, float[] evidence)
    {
        map.Apply(cells, count, evidence);
        if (calibrators is null)
        {
            return;
        }

        for (var i = 0; i < count * map.Outputs; i++)
        {
            evidence[i] = ToEvidence(calibrators[i % map.Outputs].PredictProbability(evidence[i]));
        }
    }

    public override void Dispose() { }

    private LinearCellScorer After(AffineMap whitening) => new(map.After(whitening), calibrators);

    private static LinearCellScorer Read(LinearMulticlassModelParametersBase linear)
    {
        VBuffer<float>[]? weights = null;
        linear.GetWeights(ref weights, out var classes);
        return new(
            new AffineMap(weights.Take(classes).SelectMany(w => w.DenseValues()).ToArray(), [.. linear.GetBiases()])
        );
    }

    /// <summary>
    /// What one-versus-all gives is each model's raw score, or each one's calibrated probability divided by their sum,
    /// which evidence may lack.
    /// </summary>
    private static LinearCellScorer? TryRead(IReadOnlyList<object> models, bool probabilities)
    {
        var parts = models.Select(MLNetInternals.Uncalibrated).ToArray();
        LinearBinaryModelParameters[] linear =
        [
            .. parts.Select(part => part.Model).OfType<LinearBinaryModelParameters>(),
        ];
        ICalibrator[] calibrators = [.. parts.Select(part => part.Calibrator).OfType<ICalibrator>()];
        if (
            linear.Length < models.Count
            || linear.Any(model => model.Weights.Count != linear[0].Weights.Count)
            || (probabilities && calibrators.Length < models.Count)
        )
        {
            return null;
        }

        var map = new AffineMap(
            [.. linear.SelectMany(model => model.Weights)],
            [.. linear.Select(model => model.Bias)]
        );
        return new(map, probabilities ? calibrators : null);
    }
}
