using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>What can be refused before any row is read.</summary>
internal static class PixelWiseCheck
{
    /// <summary>Stands for the classes where only the columns' shapes matter.</summary>
    public static readonly MaskLegend AnyLegend = new(["a", "b"], [0, 1], [0, 0]);

    /// <summary>A trainer made for other column names is refused before any image is read.</summary>
    public static void Trainer(IEstimator<ITransformer> trainer)
    {
        var rows = MLNetInternals.ShapeOf(PixelSchema.Create(1, AnyLegend));
        SchemaShape output;
        try
        {
            output = trainer.GetOutputSchema(rows);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new ArgumentException(
                "The trainer given to PixelWise does not accept pixel rows, which have the columns 'Features' "
                    + "(Vector<Single>) and 'Label' (Key<UInt32>). Give it these column names. It says: "
                    + exception.Message,
                exception
            );
        }

        if (
            !MLNetInternals.TryFind(output, "Score", out var score)
            || score.Kind == SchemaShape.Column.VectorKind.Scalar
            || score.ItemType != NumberDataViewType.Single
        )
        {
            throw new ArgumentException(
                "The trainer given to PixelWise gives no column 'Score' of type Vector<Single>. Give a multiclass trainer."
            );
        }
    }
}
