using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>A reading of flow that has been learned, for pictures of any size. Used while its features can be computed.</summary>
/// <param name="ml">The context.</param>
/// <param name="features">What it reads.</param>
/// <param name="reader">From Frame and PreviousFrame to the flow of cells.</param>
/// <param name="size">Edge of the square that pictures are shrunk to.</param>
/// <param name="measured">Made pairs that it did not learn from, with features.</param>
internal sealed class FittedReading(
    MLContext ml,
    string features,
    TransformerChain<FlowReadingTransformer> reader,
    int size,
    IDataView measured
)
{
    public string Features => features;

    /// <summary>The mean error of a cell of held-out made pairs, in pixels of the size.</summary>
    public double MadeError() =>
        FlowReading.CellError(
            measured.GetColumn<float[]>(FlowReading.Flow),
            reader.LastTransformer.Transform(measured).GetColumn<float[]>(FlowReading.Predicted)
        );

    /// <summary>The flow of a pair, in its own pixels: that of cells, stretched bilinearly.</summary>
    /// <exception cref="Output.UserException">The pictures are of two sizes, or cannot be read.</exception>
    public FlowField Estimate(FlowPair pair)
    {
        var (height, width) = PicturePair.SizeOf(pair.From, pair.To);
        PictureRow[] row = [new() { Path = Path.GetFullPath(pair.To), PreviousPath = Path.GetFullPath(pair.From) }];
        var paths = ml.Data.LoadFromEnumerable(row);
        var images = ml
            .Transforms.LoadPictures("Frame", "", nameof(PictureRow.Path))
            .Append(ml.Transforms.LoadPictures("PreviousFrame", "", nameof(PictureRow.PreviousPath)));
        var read = reader.Transform(images.Fit(paths).Transform(paths));
        var type = (VectorDataViewType)read.Schema[FlowReading.Predicted].Type;
        float[] cells = read.GetColumn<float[]>(FlowReading.Predicted).Single();
        using var coarse = Mat.FromPixelData(type.Dimensions[0], type.Dimensions[1], MatType.CV_32FC2, cells);
        using var fine = coarse.Resize(new Size(width, height), 0, 0, InterpolationFlags.Linear);
        fine.GetArray(out Vec2f[] flow);
        return new FlowField(
            height,
            width,
            [.. flow.Select(motion => motion.Item0 * width / size)],
            [.. flow.Select(motion => motion.Item1 * height / size)]
        );
    }
}
