using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Tool.Pipeline;

/// <summary>Labeled images as a data view: columns Frame, PreviousFrame, Mask, Path.</summary>
internal static class LabeledData
{
    /// <param name="ml">The context.</param>
    /// <param name="images">The images; files are read when rows are.</param>
    /// <param name="classes">The classes of the masks.</param>
    /// <param name="enough">Height and width that previous frames need no more than; null: their own.</param>
    public static IDataView Load(
        MLContext ml,
        IEnumerable<LabeledImage> images,
        IReadOnlyList<MaskClass> classes,
        (int Height, int Width)? enough = null
    )
    {
        var rows = ml.Data.LoadFromEnumerable(images);
        return ml
            .Transforms.LoadPictures(Columns.Frame, "", nameof(LabeledImage.Path))
            .Append(
                ml.Transforms.LoadPictures(
                    Columns.PreviousFrame,
                    "",
                    nameof(LabeledImage.PreviousPath),
                    new PictureOptions { LeastHeight = enough?.Height, LeastWidth = enough?.Width }
                )
            )
            .Append(ml.Transforms.LoadMasks(Columns.Mask, "", nameof(LabeledImage.MaskPath), classes, Columns.Frame))
            .Fit(rows)
            .Transform(rows);
    }
}
