using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.PixelWise;

/// <summary>What can be refused before any row is read.</summary>
internal static class PixelWiseCheck
{
    public static void Columns(
        IReadOnlyDictionary<string, SchemaShape.Column> columns,
        PixelWiseOptions options,
        string headline
    )
    {
        var faults = new Faults();
        foreach (var name in options.FeatureColumnNames)
        {
            Check(
                name,
                "Vector<Single, height, width, dimension>",
                c => c.Kind == SchemaShape.Column.VectorKind.Vector && c.ItemType == NumberDataViewType.Single
            );
        }

        Check(
            options.LabelColumnName,
            "Vector<Key<UInt32>>",
            c => c.Kind != SchemaShape.Column.VectorKind.Scalar && c.IsKey && c.ItemType == NumberDataViewType.UInt32
        );
        if (options.ImageColumnName is { } image)
        {
            Check(image, "Image", c => c.ItemType is ImageDataViewType);
        }

        faults.ThrowIfAny(headline);

        void Check(string name, string expected, Func<SchemaShape.Column, bool> fits)
        {
            if (!columns.TryGetValue(name, out var column))
            {
                faults.Add($"there is no column '{name}'; {expected} is expected.");
            }
            else if (!fits(column))
            {
                var key = column.IsKey ? "Key " : "";
                var found = string.Create(CultureInfo.InvariantCulture, $"{column.Kind} of {key}{column.ItemType}");
                faults.Add($"column '{name}' is a {found}; {expected} is expected.");
            }
        }
    }

    /// <summary>A trainer made for other column names is refused before any image is read.</summary>
    public static void Trainer(IEstimator<ITransformer> trainer)
    {
        var legend = new MaskLegend(["a", "b"], [0, 1], [0, 0]);
        var rows = MLNetInternals.ShapeOf(PixelSchema.Create(1, legend));
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
