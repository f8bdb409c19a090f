using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Pretraining;

/// <summary>Reads frame pairs from a data view and shrinks them.</summary>
/// <param name="view">Rows with a frame and its predecessor.</param>
/// <param name="size">Height and width in pixels that frames are resized to.</param>
internal sealed class PairDecoder(IDataView view, string frameColumn, string previousColumn, int size)
{
    public int FrameBytes => size * size * FramePixels.Channels;

    public int PairBytes => 2 * FrameBytes;

    /// <summary>The rows of a pass, without their frames: a row whose frame is missing counts, too.</summary>
    public long Count(int seed)
    {
        if (view.GetRowCount() is { } known)
        {
            return known;
        }

        long count = 0;
        using var cursor = view.GetRowCursor([], view.CanShuffle ? new Random(seed) : null);
        while (cursor.MoveNext())
        {
            count++;
        }

        return count;
    }

    /// <summary>One pass. The same seed gives the same order.</summary>
    /// <returns>The previous frame and the frame: RGB bytes, <c>[2, size, size, 3]</c>.</returns>
    public IEnumerable<byte[]> Read(int seed) => Read(seed, videos: null).Select(pair => pair.Pixels);

    /// <summary>The first pairs of a pass in batches, with the video that each is of.</summary>
    /// <param name="seed">The same gives the same order.</param>
    /// <param name="count">Pairs, at most.</param>
    /// <param name="atOnce">Pairs of a batch; the last may have fewer.</param>
    /// <returns>
    /// Previous frames, then frames: RGB bytes, <c>[2, n, size, size, 3]</c>; and n videos, by the column that LoadFromVideos
    /// gives. Without one, each pair counts as a video.
    /// </returns>
    public IEnumerable<(byte[] Pixels, string[] Videos)> ReadBatches(int seed, int count, int atOnce) =>
        Read(seed, view.Schema.GetColumnOrNull("Video") is { Type: TextDataViewType } column ? column : null)
            .Take(count)
            .Chunk(atOnce)
            .Select(batch =>
                (PairSource.Join([.. batch.Select(pair => pair.Pixels)]), batch.Select(pair => pair.Video).ToArray())
            );

    private IEnumerable<(byte[] Pixels, string Video)> Read(int seed, DataViewSchema.Column? videos)
    {
        var frames = view.Schema[frameColumn];
        var predecessors = view.Schema[previousColumn];
        DataViewSchema.Column[] needed = videos is { } column ? [frames, predecessors, column] : [frames, predecessors];
        using var cursor = view.GetRowCursor(needed, view.CanShuffle ? new Random(seed) : null);
        var getFrame = cursor.GetGetter<MLImage>(frames);
        var getPrevious = cursor.GetGetter<MLImage>(predecessors);
        var getVideo = videos is { } named ? cursor.GetGetter<ReadOnlyMemory<char>>(named) : null;
        MLImage? frame = null;
        MLImage? previous = null;
        ReadOnlyMemory<char> video = default;
        while (cursor.MoveNext())
        {
            getPrevious(ref previous!);
            getFrame(ref frame!);
            if (previous is null || frame is null)
            {
                continue;
            }

            getVideo?.Invoke(ref video);
            var pair = new byte[PairBytes];
            FramePixels.Read(previous, pair.AsSpan(0, FrameBytes), size, size);
            FramePixels.Read(frame, pair.AsSpan(FrameBytes), size, size);
            yield return (pair, getVideo is null ? cursor.Position.ToString(CultureInfo.InvariantCulture) : $"{video}");
        }
    }
}
