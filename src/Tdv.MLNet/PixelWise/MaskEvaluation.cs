using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Interop;

namespace Tdv.MLNet.PixelWise;

/// <summary>Counts pixels by true and predicted class in one pass over the images.</summary>
internal static class MaskEvaluation
{
    public static MaskMetrics Evaluate(IDataView data, string labelName, string predictedName)
    {
        var (label, predicted) = Bind(data.Schema, labelName, predictedName);
        var legend = MaskLegend.Of(label);
        var confusion = legend.Names.Select(_ => new long[legend.Count]).ToArray();
        using var cursor = data.GetRowCursor([label, predicted]);
        var labelGetter = cursor.GetGetter<VBuffer<uint>>(label);
        var predictedGetter = cursor.GetGetter<VBuffer<uint>>(predicted);
        VBuffer<uint> truth = default;
        VBuffer<uint> prediction = default;
        long images = 0;
        while (cursor.MoveNext())
        {
            labelGetter(ref truth);
            predictedGetter(ref prediction);
            if (truth.Length != prediction.Length)
            {
                throw new InvalidDataException(
                    $"Row {cursor.Position}: the mask in '{labelName}' has {truth.Length} pixels, the prediction in "
                        + $"'{predictedName}' {prediction.Length}. Both must have the image's size."
                );
            }

            Count(Dense(truth), Dense(prediction), confusion, cursor.Position, predictedName);
            images++;
        }

        if (confusion.All(row => row.All(count => count == 0)))
        {
            throw new InvalidOperationException(
                $"There is nothing to evaluate: {images} images, and no pixel in '{labelName}' with a class that counts."
            );
        }

        return new MaskMetrics(legend.Names, confusion, images);
    }

    private static (DataViewSchema.Column, DataViewSchema.Column) Bind(
        DataViewSchema schema,
        string labelName,
        string predictedName
    )
    {
        var faults = new Faults();
        var label = PixelSource.BindMask(schema, labelName, faults);
        var predicted = PixelSource.BindMask(schema, predictedName, faults);
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

    private static void Count(
        ReadOnlySpan<uint> truth,
        ReadOnlySpan<uint> prediction,
        long[][] confusion,
        long row,
        string predictedName
    )
    {
        for (var i = 0; i < truth.Length; i++)
        {
            if (truth[i] == 0)
            {
                continue;
            }

            if (prediction[i] == 0)
            {
                throw new InvalidDataException(
                    $"Row {row}: pixel {i} in '{predictedName}' has no class, though its true class counts. Every pixel "
                        + "needs a prediction."
                );
            }

            confusion[truth[i] - 1][prediction[i] - 1]++;
        }
    }
}
