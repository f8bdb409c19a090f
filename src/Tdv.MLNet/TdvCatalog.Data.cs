using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Masks;
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
    /// <para>What videos and pictures are is told by their names' endings, in any case; what a folder or a pattern holds
    /// beside them is named in a warning. Files are taken in the order of the numbers in their names, and once, whatever
    /// links lead to them. A clock that jumps, backwards or by more than a minute, costs one frame's time, with a warning.
    /// Playlists and other lists of files are not followed.</para>
    /// <para>A video that is damaged, empty or too short among others is named in a warning through
    /// <see cref="MLContext.Log"/> and skipped, the readable part of one cut short is used, and the number skipped is
    /// reported at the end of each pass; if nothing at all could be read, the pass ends with an
    /// <see cref="InvalidOperationException"/>.</para>
    /// </remarks>
    /// <param name="catalog">The data catalog, <c>mlContext.Data</c>.</param>
    /// <param name="pathOrGlob">
    /// A video file; a pattern such as <c>clips/*.mp4</c> or <c>clips/**/*.mp4</c>; a folder of videos; or a folder of
    /// numbered frames (png, jpg, bmp, webp), which is one video.
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
        return new VideoFrames(MLNetInternals.Environment(catalog), paths, options);
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
    /// Adds a column of masks to rows of videos, <c>Vector&lt;Key&lt;UInt32&gt;&gt;</c>, row-major height × width: a few are
    /// read from label pictures, those of all other rows are empty. A second column, named as the first with <c>Size</c>
    /// behind it, <c>Vector&lt;Int32, 2&gt;</c>, has their height and width.
    /// </summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="rows">Rows in the order of their videos, as <c>LoadFromVideos</c> gives them.</param>
    /// <param name="masks">The masks, and which rows they belong to.</param>
    /// <param name="classes">What the pixel values mean; see <see cref="MaskClass.ReadFile"/>.</param>
    /// <param name="outputColumnName">Receives the masks.</param>
    /// <param name="videoColumnName">Another text in it begins another video. Null: all rows are one video.</param>
    /// <exception cref="ArgumentException">Arguments are wrong, or files are missing: all faults are listed.</exception>
    /// <remarks>
    /// Reading a row throws as <c>LoadMasks</c> does; the end of the rows throws an <see cref="InvalidOperationException"/>
    /// if there was none for one of the masks.
    /// </remarks>
    public static IDataView AttachMasks(
        this DataOperationsCatalog catalog,
        IDataView rows,
        IEnumerable<FrameMask> masks,
        IReadOnlyList<MaskClass> classes,
        string outputColumnName = "Mask",
        string? videoColumnName = "Video"
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(masks);
        ArgumentNullException.ThrowIfNull(classes);
        return new AttachedMasks(rows, [.. masks], classes, outputColumnName, videoColumnName);
    }

    /// <summary>
    /// Carries the masks of one or a few frames through a video: each cell of the feature grid gets the classes of the most
    /// similar cells around its place in the first frame and in the last ones (label propagation, as DINO is evaluated).
    /// The column that is added has the legend of the given masks and the size of the labeled frames, so that
    /// <c>PixelWise</c> can be trained on it.
    /// </summary>
    /// <param name="catalog">The data operations.</param>
    /// <param name="rows">
    /// Rows in the order of their videos: features, masks (empty where there is none), and the frames whose size the masks
    /// have. The first row of a video has a mask.
    /// </param>
    /// <param name="options">Columns and protocol. Null: the defaults.</param>
    /// <returns>The same rows. Lazy; memory does not grow with the video. Each pass carries the masks anew.</returns>
    /// <exception cref="ArgumentException">Options or columns are wrong: all faults are listed.</exception>
    /// <remarks>
    /// <para>A mask given in a later frame is that frame's result, and carried on from there; see
    /// <see cref="PropagationOptions.Corrections"/>. Pixels without a class (ignored, key 0) in a given mask pass on
    /// nothing. The background is a class as others. An object that vanishes is told once in a warning through
    /// <see cref="MLContext.Log"/>.</para>
    /// <para>Reading a row throws an <see cref="InvalidDataException"/> if a video begins without a mask, or if a mask has
    /// another size than its frame or than the video's first mask.</para>
    /// </remarks>
    public static IDataView PropagateMasks(
        this DataOperationsCatalog catalog,
        IDataView rows,
        PropagationOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(rows);
        return new PropagationView(MLNetInternals.Environment(catalog), rows, options ?? new PropagationOptions());
    }

    /// <summary>
    /// Makes pairs of frames whose flow is known exactly, for learning and measuring how motion is read: a picture that
    /// bends and moves, objects with other pictures on them before it, moving on their own, and what they hide. Columns
    /// <c>PreviousFrame</c> and <c>Frame</c> (<see cref="Microsoft.ML.Data.MLImage"/>) and <c>Flow</c>,
    /// <c>Vector&lt;Single, height / patch, width / patch, 2&gt;</c>: how far a patch of the previous frame moves to the
    /// right and down, in pixels, the mean of its pixels that both frames show; NaN where fewer than half are.
    /// </summary>
    /// <remarks>
    /// Lazy, and the same in each pass: made of the seed, the number of the pair, and the pictures, of which a few are in
    /// memory at a time. Both frames are sampled from the larger pictures alike, so that neither is sharper. The idea is
    /// that of FlyingChairs (Dosovitskiy et al., 2015).
    /// </remarks>
    /// <param name="catalog">The data operations.</param>
    /// <param name="pictures">Rows with pictures, one taken for each pair, again from those at hand when there are no more. Null: generated textures alone.</param>
    /// <param name="options">How many, how large, how far. Null: the defaults.</param>
    /// <param name="imageColumnName">The image column of <paramref name="pictures"/>.</param>
    /// <exception cref="ArgumentException">Options or the column are wrong: all faults are listed.</exception>
    public static IDataView MakeMovingPairs(
        this DataOperationsCatalog catalog,
        IDataView? pictures,
        MovingPairOptions? options = null,
        string imageColumnName = "Frame"
    )
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(imageColumnName);
        options ??= new();
        int seed = options.Seed ?? MLNetInternals.Seed(MLNetInternals.Environment(catalog)) ?? 0;
        var view = new MovingPairView(pictures, imageColumnName, options, seed);
        OpenCvLoader.EnsureAvailable();
        return view;
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
