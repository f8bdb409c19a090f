using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Motion;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>Flow and disparity by comparing one kind of features; pictures of one size share what computes them.</summary>
/// <param name="ml">The context.</param>
/// <param name="contender">The features.</param>
/// <param name="scale">Features are computed of pictures so many times as large: more cells.</param>
/// <param name="reach">How far is looked, in pixels of the picture as it is.</param>
internal sealed class FeatureMatching(MLContext ml, Contender contender, double scale, int reach) : IDisposable
{
    private const string FromFeatures = "FromFeatures";
    private const string ToFeatures = "ToFeatures";
    private const string Result = "Result";
    private const string Picture = "Picture";
    private ITransformer? _features;
    private (int Rows, int Columns) _grid;

    /// <summary>The flow from one picture to another.</summary>
    public FlowField Flow(string from, string to)
    {
        var (height, width) = PicturePair.SizeOf(from, to);
        return Flows(Load(from, to), height, width).Single();
    }

    /// <summary>The flow of each row, from its previous frame to its frame.</summary>
    /// <param name="frames">Rows of both.</param>
    /// <param name="height">Of the frames.</param>
    /// <param name="width">Of the frames.</param>
    public IEnumerable<FlowField> Flows(IDataView frames, int height, int width)
    {
        var (rows, columns) = Grid(height, width);
        var options = new FlowEstimationOptions
        {
            Radius = Cells(reach, Math.Max(columns / (double)width, rows / (double)height)),
            CellHeight = height / (float)rows,
            CellWidth = width / (float)columns,
        };
        var match = ml.Transforms.EstimateFlow(Result, FromFeatures, ToFeatures, options);
        return Run(frames, height, width, match)
            .Select(cells => EstimatedGrid.ToFlow(cells, rows, columns, height, width));
    }

    /// <summary>The disparity of a left picture.</summary>
    public DisparityMap Disparity(string left, string right)
    {
        var (height, width) = PicturePair.SizeOf(left, right);
        var (rows, columns) = Grid(height, width);
        var options = new DisparityEstimationOptions
        {
            MaxDisparity = Cells(reach, columns / (double)width),
            CellWidth = width / (float)columns,
        };
        var match = ml.Transforms.EstimateDisparity(Result, FromFeatures, ToFeatures, options);
        float[] cells = Run(Load(left, right), height, width, match).Single();
        return EstimatedGrid.ToDisparity(cells, rows, columns, height, width);
    }

    /// <summary>Frees what computes features; the network is the contender's.</summary>
    public void Dispose()
    {
        (_features as IDisposable)?.Dispose();
        _features = null;
    }

    private static int Cells(int pixels, double cellsPerPixel) => (int)Math.Ceiling(pixels * cellsPerPixel);

    private (int Rows, int Columns) Grid(int height, int width)
    {
        return (Patches(height), Patches(width));

        int Patches(int pixels) => Math.Max(1, (int)Math.Round(pixels * scale / contender.PatchSize));
    }

    private IDataView Load(string from, string to)
    {
        var rows = ml.Data.LoadFromEnumerable([new PictureRow { PreviousPath = from, Path = to }]);
        return ml
            .Transforms.LoadPictures(Columns.PreviousFrame, "", nameof(PictureRow.PreviousPath))
            .Append(ml.Transforms.LoadPictures(Columns.Frame, "", nameof(PictureRow.Path)))
            .Fit(rows)
            .Transform(rows);
    }

    private IEnumerable<float[]> Run(IDataView frames, int height, int width, CellMatchingEstimator match)
    {
        var (rows, columns) = Grid(height, width);
        var features = Features(frames, rows, columns);
        var both = Take(ToFeatures, Columns.Frame, Take(FromFeatures, Columns.PreviousFrame, frames));
        foreach (float[] cells in match.Fit(both).Transform(both).GetColumn<float[]>(Result))
        {
            yield return cells;
        }

        IDataView Take(string output, string input, IDataView view)
        {
            var computed = features.Transform(Copy(Picture, input, view));
            return Copy(output, Columns.Features, computed);
        }
    }

    private IDataView Copy(string output, string input, IDataView view) =>
        ml.Transforms.CopyColumns(output, input).Fit(view).Transform(view);

    private ITransformer Features(IDataView frames, int rows, int columns)
    {
        if (_features is null || _grid != (rows, columns))
        {
            Dispose();
            _grid = (rows, columns);
            _features = contender
                .Features(ml, Columns.Features, Picture, rows * contender.PatchSize, columns * contender.PatchSize)
                .Fit(Copy(Picture, Columns.Frame, frames));
        }

        return _features;
    }
}
