using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Tdv.MLNet.PixelWise;

/// <summary>A linear model as one matrix product, the whitening folded into its weights.</summary>
internal sealed class LinearCellScorer(AffineMap map) : CellScorer
{
    /// <summary>The linear map from raw features to evidence, or null if the model is of another kind.</summary>
    public static AffineMap? TryFold(ITransformer model, AffineMap? whitening)
    {
        var last = model is TransformerChain<ITransformer> chain && chain.Count() == 1 ? chain.LastTransformer : model;
        if (
            last
            is not ISingleFeaturePredictionTransformer<object> { Model: LinearMulticlassModelParametersBase linear }
        )
        {
            return null;
        }

        VBuffer<float>[]? weights = null;
        linear.GetWeights(ref weights, out var classes);
        var map = new AffineMap(
            weights.Take(classes).SelectMany(w => w.DenseValues()).ToArray(),
            [.. linear.GetBiases()]
        );
        // Parts of a trained classifier fit; those of a file may not.
        if (whitening is not null && whitening.Outputs != map.Inputs)
        {
            throw new InvalidDataException(
                $"The saved pixel classifier is damaged: its row model takes {map.Inputs} features, its whitening gives "
                    + $"{whitening.Outputs}. Save it again."
            );
        }

        return whitening is null ? map : map.After(whitening);
    }

    public override void Score(float[] cells, int count, float[] evidence) => map.Apply(cells, count, evidence);

    public override void Dispose() { }
}
