using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Evaluation;

/// <summary>The columns that carried masks are measured by.</summary>
internal sealed record PropagationScoreColumns(
    DataViewSchema.Column Label,
    DataViewSchema.Column? LabelSize,
    DataViewSchema.Column Predicted,
    DataViewSchema.Column? PredictedSize,
    DataViewSchema.Column? Video,
    DataViewSchema.Column Image
)
{
    public IEnumerable<DataViewSchema.Column> All =>
        new DataViewSchema.Column?[]
        {
            Label,
            LabelSize,
            Predicted,
            PredictedSize,
            Video,
            Image,
        }.OfType<DataViewSchema.Column>();

    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    public static PropagationScoreColumns Bind(
        DataViewSchema schema,
        string labelName,
        string predictedName,
        string? videoName,
        string imageName
    )
    {
        var faults = new Faults();
        var label = ColumnCheck.Require(schema, labelName, ColumnKind.Mask, faults);
        var predicted = ColumnCheck.Require(schema, predictedName, ColumnKind.Mask, faults);
        var video = videoName is null ? null : ColumnCheck.Require(schema, videoName, ColumnKind.Text, faults);
        var image = ColumnCheck.Require(schema, imageName, ColumnKind.Image, faults);
        if (label is { } l && predicted is { } p)
        {
            var (known, found) = (MaskLegend.Of(l).Names, MaskLegend.Of(p).Names);
            faults.Check(
                known.SequenceEqual(found),
                $"'{labelName}' has the classes {string.Join(", ", known)}, but '{predictedName}' has "
                    + $"{string.Join(", ", found)}. Load all masks with the same classes."
            );
        }

        faults.ThrowIfAny("EvaluatePropagation cannot use these columns:");
        return new(
            label!.Value,
            MaskSize.Find(schema, labelName),
            predicted!.Value,
            MaskSize.Find(schema, predictedName),
            video,
            image!.Value
        );
    }
}
