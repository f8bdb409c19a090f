using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Motion;

/// <summary>All frames of videos, and features of them that are fine enough to follow points by.</summary>
internal sealed class TrackFrames
{
    /// <summary>Times the size that a network was trained at: points are no more exact than cells are small.</summary>
    private const int Finer = 4;
    private readonly MLContext _ml;

    /// <exception cref="UserException">A video cannot be read.</exception>
    public TrackFrames(MLContext ml, IReadOnlyList<string> videos)
    {
        _ml = ml;
        try
        {
            View = ml.Data.LoadFromVideos(
                videos,
                new VideoOptions { EveryFrame = true, FrameInterval = Defaults.FrameInterval }
            );
            using var first = View.GetColumn<MLImage>(Columns.Frame).First();
            (Height, Width) = (first.Height, first.Width);
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new UserException(exception.Message, exception);
        }
    }

    public IDataView View { get; }

    /// <summary>Of the first video's frames.</summary>
    public int Height { get; }

    public int Width { get; }

    /// <summary>Follows points by features.</summary>
    /// <param name="contender">Makes the features.</param>
    /// <param name="queries">The points.</param>
    /// <param name="size">Edge of the pictures that the network was trained on.</param>
    /// <param name="resolution">The longer side that frames are resized to for features; null: <paramref name="size"/> times 4.</param>
    public IDataView Follow(Contender contender, IReadOnlyList<TrackQuery> queries, int size, int? resolution)
    {
        var (height, width) = Defaults.FeatureSizes(
            [resolution ?? (size * Finer)],
            Height,
            Width,
            size,
            contender.PatchSize
        )[0];
        var features = contender
            .Features(_ml, Columns.Features, Columns.Frame, height, width)
            .Fit(View)
            .Transform(View);
        return _ml.Data.TrackPoints(features, queries);
    }
}
