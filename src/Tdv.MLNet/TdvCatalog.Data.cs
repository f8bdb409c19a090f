using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;
using Tdv.MLNet.PixelWise;
using Tdv.MLNet.Video;

namespace Tdv.MLNet;

/// <content>ml.Data</content>
public static partial class TdvCatalog
{
    /// <summary>
    /// Rows of a frame and its predecessor from videos: columns <c>Video</c> (text, the file or folder), <c>Time</c>
    /// (Single, the frame's time in seconds), <c>PreviousFrame</c> and <c>Frame</c> (<see cref="Microsoft.ML.Data.MLImage"/>,
    /// to be disposed of by whoever reads them).
    /// </summary>
    /// <remarks>
    /// <para>Frames are decoded anew in each pass, one after the other, and never a whole video held in memory. Row k of
    /// a video is the frame nearest to <c>FrameInterval + k·RowInterval</c> seconds after its first frame, and the frame
    /// nearest to <c>k·RowInterval</c>, by the frames' own times, so that any frame rate, also a varying one, gives the
    /// same distances. Where frames are rarer than the interval, neighbors form the pair.</para>
    /// <para>A shuffled pass covers all videos, mixes their rows and starts each at another time within the row
    /// interval; the same random numbers give the same rows. Ask for it with a random generator in <c>GetRowCursor</c>;
    /// <c>ml.Data.ShuffleRows</c> drops image columns.</para>
    /// <para>A video that is damaged, empty or too short among others is named in a warning through
    /// <see cref="MLContext.Log"/> and skipped, the readable part of one cut short is used, and the number skipped is
    /// reported at the end of each pass; if nothing at all could be read, the pass ends with an
    /// <see cref="InvalidOperationException"/>.</para>
    /// </remarks>
    /// <param name="catalog">The data catalog, <c>mlContext.Data</c>.</param>
    /// <param name="pathOrGlob">
    /// A video file; a pattern such as <c>clips/*.mp4</c> or <c>clips/**/*.mp4</c>; a folder of videos; or a folder of
    /// numbered frames (png, jpg), which is one video.
    /// </param>
    /// <param name="options">Which frames, how far apart, how large. Default: pairs 0.25 s apart in the videos' own size.</param>
    /// <exception cref="ArgumentException">Something given does not exist, matches nothing or is out of range; all faults are listed.</exception>
    public static IDataView LoadFromVideos(
        this DataOperationsCatalog catalog,
        string pathOrGlob,
        VideoOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(pathOrGlob);
        return catalog.LoadFromVideos([pathOrGlob], options);
    }

    /// <summary>Rows of a frame and its predecessor from several video files, patterns or folders.</summary>
    /// <inheritdoc cref="LoadFromVideos(DataOperationsCatalog, string, VideoOptions?)"/>
    /// <param name="pathsOrGlobs">Video files, patterns, folders of videos or folders of numbered frames; a video named twice is read once.</param>
    public static IDataView LoadFromVideos(
        this DataOperationsCatalog catalog,
        IEnumerable<string> pathsOrGlobs,
        VideoOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(pathsOrGlobs);
        options ??= new VideoOptions();
        var paths = new VideoPaths(pathsOrGlobs);
        string[] faults = [.. options.Faults().Select(fault => $"VideoOptions.{fault}"), .. paths.Faults];
        if (faults.Length > 0)
        {
            throw new ArgumentException($"Videos cannot be loaded:\n- {string.Join("\n- ", faults)}");
        }
        FFmpegLoader.EnsureLoaded();
        return new VideoFrames(MLNetInternals.Environment(catalog), paths.Videos, options);
    }

    /// <summary>
    /// Makes many pixel rows of each image row, "Features" (<c>Vector&lt;Single, D&gt;</c>, interpolated bilinearly at the
    /// pixel) and "Label" (<c>Key</c>): the pixels that <c>PixelWise</c> would train on, not whitened. Lazy, and the same
    /// in every pass.
    /// </summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="input">Image rows with features and masks.</param>
    /// <param name="options">Columns and sampling. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Options or columns are wrong: all faults are listed.</exception>
    public static IDataView ExpandPixels(
        this DataOperationsCatalog catalog,
        IDataView input,
        PixelExpansionOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(input);
        options ??= new();
        var faults = new Faults();
        options.Check(faults);
        faults.ThrowIfAny("ExpandPixels cannot work with these options:");
        var seed = options.Seed ?? MLNetInternals.Seed(MLNetInternals.Environment(catalog)) ?? 0;
        return new PixelExpansionView(input, options, seed, "ExpandPixels cannot use these columns:");
    }

    /// <summary>
    /// Follows points through videos by features alone: adds positions, <c>Vector&lt;Single, points, 2&gt;</c>, x and y in
    /// pixels of the picture (not a number before a point's query and in other videos), and whether each point is seen,
    /// <c>Vector&lt;Boolean, points&gt;</c>.
    /// </summary>
    /// <remarks>
    /// <para>The feature at a query, interpolated between cells, is sought in each next frame around the point's last
    /// place: the best cosine, refined between cells by a soft-argmax. A point counts as hidden if the cosine is low, or if
    /// the feature of the found place, sought in the query's frame, does not lead back to the query (cycle consistency);
    /// its position then stays the last one at which it was seen. Positions are hardly more exact than a fraction of a
    /// cell, and no better than the features tell places apart: <c>tdv evaluate tracks</c> measures it, beside OpenCV's
    /// Lucas–Kanade, which follows points of rich texture far better than a briefly trained network.</para>
    /// <para>Lazy, in one pass, in memory that grows with the points and not with the videos. Rows come in the order of
    /// videos and frames and are not to be shuffled.</para>
    /// <para>What only the rows can tell ends the pass with an <see cref="InvalidOperationException"/>: points outside the
    /// picture, frames beyond a video's end, a video of a single frame, a video that has no rows or comes twice.</para>
    /// </remarks>
    /// <param name="catalog">The data operations.</param>
    /// <param name="rows">Frames in order, best all of them (<see cref="VideoOptions.EveryFrame"/>), with a feature grid.</param>
    /// <param name="points">The points; their order is that of the added vectors.</param>
    /// <param name="options">Columns, size of pictures, search. Null: the defaults.</param>
    /// <exception cref="ArgumentException">Points, options or columns are wrong: all faults are listed.</exception>
    public static IDataView TrackPoints(
        this DataOperationsCatalog catalog,
        IDataView rows,
        IReadOnlyList<TrackQuery> points,
        TrackingOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(points);
        return new PointTrackView(rows, points, options ?? new());
    }
}
