using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Video;

/// <summary>
/// Rows of a frame and its predecessor, decoded anew in each pass: columns Video (text), Time (Single, seconds),
/// PreviousFrame and Frame (MLImage; whoever gets one disposes of it).
/// </summary>
internal sealed class VideoFrames : RowView
{
    public const int VideoColumn = 0;
    public const int TimeColumn = 1;
    public const int PreviousFrameColumn = 2;
    public const int FrameColumn = 3;

    private readonly IHost _host;
    private readonly IReadOnlyList<string> _videos;
    private readonly VideoOptions _options;
    private readonly ConcurrentDictionary<string, bool> _warnings = new();

    /// <summary>Warns of what the user's folders and patterns hold that is not read.</summary>
    public VideoFrames(IHostEnvironment environment, VideoPaths paths, VideoOptions options)
        : this(environment, paths.Videos, options)
    {
        using IChannel channel = _host.Start("Finding videos");
        foreach (string sentence in paths.LeftOut)
        {
            MLNetInternals.Warn(channel, sentence);
        }
    }

    public VideoFrames(IHostEnvironment environment, IReadOnlyList<string> videos, VideoOptions options)
    {
        _host = environment.Register(nameof(VideoFrames));
        _videos = videos;
        _options = options;
        ImageDataViewType image = options is { FrameHeight: { } height, FrameWidth: { } width }
            ? new(height, width)
            : new();
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Video", TextDataViewType.Instance);
        schema.AddColumn("Time", NumberDataViewType.Single);
        schema.AddColumn("PreviousFrame", image);
        schema.AddColumn("Frame", image);
        Schema = schema.ToSchema();
    }

    public override DataViewSchema Schema { get; }

    /// <summary>A shuffled pass mixes the videos and starts each at another time; it is decoded, not sought.</summary>
    public override bool CanShuffle => true;

    /// <summary>Unknown before all is decoded.</summary>
    public override long? GetRowCount() => null;

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        var log = new PassLog(_host.Start("Reading videos"), _warnings, _videos.Count);
        var reader = new VideoReader(
            _videos,
            _options,
            active[PreviousFrameColumn] || active[FrameColumn],
            log,
            () => AmbientStop.IsRequested || MLNetInternals.IsCanceled(_host)
        );
        return new VideoFramesCursor(Schema, active, rand is null ? InOrder(reader) : Shuffled(reader, rand), log);
    }

    private IEnumerable<VideoRow> InOrder(VideoReader reader) =>
        Enumerable.Range(0, _videos.Count).SelectMany(video => reader.Read(video));

    private IEnumerable<VideoRow> Shuffled(VideoReader reader, Random rand)
    {
        double longestPhase = _options.EveryFrame ? 0 : _options.RowDistance;
        // An own generator: how many numbers a pass draws must not change what the caller draws next.
        return new ShuffledRows(_videos.Count, reader, longestPhase, new Random(rand.Next())).Read();
    }
}
