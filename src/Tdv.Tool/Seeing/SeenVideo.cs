using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Seeing;

/// <summary>A video as a network sees it.</summary>
internal sealed class SeenVideo
{
    private const string Time = "Time";
    private const string Attention = "Attention";
    private const string Before = "Before";
    private readonly MLContext _ml;
    private readonly TdvModel _model;
    private readonly string _path;
    private readonly int _height;
    private readonly int _width;

    /// <exception cref="UserException">There is no such video, or it has no frames.</exception>
    public SeenVideo(MLContext ml, TdvModel model, string path)
    {
        _ml = ml;
        _model = model;
        _path = path;
        using var image = FirstFrame();
        (_height, _width) = Defaults.FeatureSize(image.Height, image.Width, model.ImageSize, model.PatchSize);
    }

    public int Dimension => _model.Dimension;

    public int Heads => _model.Options.Heads;

    public int Rows => _height / _model.PatchSize;

    public int Columns => _width / _model.PatchSize;

    public bool HasMotion => _model.HasMotionEncoder;

    /// <summary>Seconds from the first frame to the last one that has a row.</summary>
    public float Duration => Pairs(Defaults.RowInterval).GetColumn<float>(Time).DefaultIfEmpty(0).Max();

    /// <param name="interval">Seconds from one frame to the next.</param>
    /// <param name="count">Of the first frames.</param>
    public IEnumerable<SeenFrame> Frames(double interval, int count)
    {
        var view = Featurize(Pairs(interval));
        var columns = view.Schema.Where(column =>
            column.Name
                is Time
                    or Pipeline.Columns.Frame
                    or Pipeline.Columns.Features
                    or Pipeline.Columns.Motion
                    or Attention
                    or Before
        );
        using var cursor = view.GetRowCursor(columns);
        var getTime = cursor.GetGetter<float>(view.Schema[Time]);
        var getImage = cursor.GetGetter<MLImage>(view.Schema[Pipeline.Columns.Frame]);
        var getVectors = new[] { Pipeline.Columns.Features, Attention, Pipeline.Columns.Motion, Before }
            .Select(name => Reader(cursor, name))
            .ToArray();
        for (int i = 0; i < count && cursor.MoveNext(); i++)
        {
            float time = 0;
            // A fresh variable: the image becomes the consumer's.
            MLImage image = null!;
            getTime(ref time);
            getImage(ref image);
            float[][] vectors = [.. getVectors.Select(get => get())];
            yield return new SeenFrame(time, image, vectors[0], vectors[1], vectors[2], vectors[3]);
        }
    }

    private static Func<float[]> Reader(DataViewRowCursor cursor, string name)
    {
        if (cursor.Schema.GetColumnOrNull(name) is not { } column)
        {
            return () => [];
        }

        var get = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> values = default;
        return () =>
        {
            get(ref values);
            return [.. values.DenseValues()];
        };
    }

    private IDataView Pairs(double interval) =>
        _ml.Data.LoadFromVideos(
            _path,
            new VideoOptions { FrameInterval = Defaults.FrameInterval, RowInterval = interval }
        );

    private IDataView Featurize(IDataView pairs)
    {
        var options = new TdvFeatureOptions
        {
            ImageHeight = _height,
            ImageWidth = _width,
            AttentionColumnName = Attention,
            MotionColumnName = HasMotion ? Pipeline.Columns.Motion : null,
            PreviousFrameColumnName = Pipeline.Columns.PreviousFrame,
        };
        var seen = _ml
            .Transforms.TdvFeaturize(Pipeline.Columns.Features, Pipeline.Columns.Frame, _model, options)
            .Fit(pairs)
            .Transform(pairs);
        return HasMotion
            ? _ml
                .Transforms.TdvFeaturize(
                    Before,
                    Pipeline.Columns.PreviousFrame,
                    _model,
                    new TdvFeatureOptions { ImageHeight = _height, ImageWidth = _width }
                )
                .Fit(seen)
                .Transform(seen)
            : seen;
    }

    private MLImage FirstFrame()
    {
        try
        {
            return Pairs(Defaults.RowInterval).GetColumn<MLImage>(Pipeline.Columns.Frame).First();
        }
        catch (ArgumentException exception)
        {
            throw new UserException(exception.Message, exception);
        }
    }
}
