using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.Evaluation;

/// <summary>Counts pixels by true and predicted class in one pass over the images.</summary>
internal static class MaskEvaluation
{
    public static MaskMetrics Evaluate(IDataView data, string labelName, string predictedName)
    {
        var (label, predicted) = Bind(data.Schema, labelName, predictedName);
        var confusion = new MaskConfusion(MaskLegend.Of(label).Names, labelName, predictedName);
        using var cursor = data.GetRowCursor([label, predicted]);
        var labelGetter = cursor.GetGetter<VBuffer<uint>>(label);
        var predictedGetter = cursor.GetGetter<VBuffer<uint>>(predicted);
        VBuffer<uint> truth = default;
        VBuffer<uint> prediction = default;
        while (cursor.MoveNext())
        {
            labelGetter(ref truth);
            predictedGetter(ref prediction);
            confusion.Add(Dense(truth), Dense(prediction), cursor.Position);
        }

        return confusion.ToMetrics();
    }

    private static (DataViewSchema.Column, DataViewSchema.Column) Bind(
        DataViewSchema schema,
        string labelName,
        string predictedName
    )
    {
        var faults = new Faults();
        var label = ColumnCheck.Require(schema, labelName, ColumnKind.Mask, faults);
        var predicted = ColumnCheck.Require(schema, predictedName, ColumnKind.Mask, faults);
        if (label is { } l && predicted is { } p)
        {
            var (known, found) = (MaskLegend.Of(l).Names, MaskLegend.Of(p).Names);
            faults.Check(
                known.SequenceEqual(found),
                $"'{labelName}' has the classes {string.Join(", ", known)}, but '{predictedName}' has "
                    + $"{string.Join(", ", found)}. Load the masks with the classes the model was trained with."
            );
        }

        faults.ThrowIfAny("EvaluateMasks cannot use these columns:");
        return (label!.Value, predicted!.Value);
    }

    private static ReadOnlySpan<uint> Dense(in VBuffer<uint> keys) =>
        keys.IsDense ? keys.GetValues() : keys.DenseValues().ToArray();
}
