using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Evaluation;

/// <summary>Counts pixels by true and predicted class, image by image.</summary>
/// <param name="classes">The names of the classes, in the order of their keys.</param>
/// <param name="labelName">What errors call the true masks.</param>
/// <param name="predictedName">What errors call the predicted masks.</param>
internal sealed class MaskConfusion(IReadOnlyList<string> classes, string labelName, string predictedName)
{
    private readonly long[][] _counts = [.. classes.Select(_ => new long[classes.Count])];
    private long _images;

    /// <summary>Counts in one pass over the images.</summary>
    public static MaskMetrics Evaluate(IDataView data, string labelName, string predictedName)
    {
        var (label, predicted) = Bind(data.Schema, labelName, predictedName);
        var confusion = new MaskConfusion(MaskLegend.Of(label).Names, labelName, predictedName);
        using var cursor = data.GetRowCursor([
            .. MaskSize.WithSize(data.Schema, label),
            .. MaskSize.WithSize(data.Schema, predicted),
        ]);
        var truth = new SizedMask(cursor, label);
        var prediction = new SizedMask(cursor, predicted);
        while (cursor.MoveNext())
        {
            truth.Read();
            prediction.Read();
            if (truth.Size is { } size && !prediction.Fits(size.Height, size.Width))
            {
                throw new InvalidDataException(
                    $"Row {cursor.Position}: the mask in '{labelName}' {truth.Description}, the prediction in "
                        + $"'{predictedName}' {prediction.Description}. Both must have the image's size."
                        + prediction.Hint(size.Height, size.Width)
                );
            }

            confusion.Add(truth.Keys, prediction.Keys, cursor.Position);
        }

        return confusion.ToMetrics();
    }

    /// <param name="truth">Keys, 0 where a pixel is ignored.</param>
    /// <param name="prediction">Keys.</param>
    /// <param name="row">The image's row, for errors.</param>
    /// <exception cref="InvalidDataException">The sizes differ, or a pixel that counts has no prediction.</exception>
    public void Add(ReadOnlySpan<uint> truth, ReadOnlySpan<uint> prediction, long row)
    {
        if (truth.Length != prediction.Length)
        {
            throw new InvalidDataException(
                $"Row {row}: the mask in '{labelName}' has {truth.Length} pixels, the prediction in "
                    + $"'{predictedName}' {prediction.Length}. Both must have the image's size."
            );
        }

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

            _counts[truth[i] - 1][prediction[i] - 1]++;
        }

        _images++;
    }

    /// <exception cref="InvalidOperationException">No pixel counts.</exception>
    public MaskMetrics ToMetrics() =>
        _counts.All(row => row.All(count => count == 0))
            ? throw new InvalidOperationException(
                $"There is nothing to evaluate: {_images} images, and no pixel in '{labelName}' with a class that counts."
            )
            : new MaskMetrics(classes, _counts, _images);

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
}
