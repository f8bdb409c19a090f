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

    /// <summary>One pass. The same seed gives the same order.</summary>
    /// <returns>The previous frame and the frame: RGB bytes, <c>[2, size, size, 3]</c>.</returns>
    public IEnumerable<byte[]> Read(int seed)
    {
        var frames = view.Schema[frameColumn];
        var predecessors = view.Schema[previousColumn];
        using var cursor = view.GetRowCursor([frames, predecessors], view.CanShuffle ? new Random(seed) : null);
        var getFrame = cursor.GetGetter<MLImage>(frames);
        var getPrevious = cursor.GetGetter<MLImage>(predecessors);
        MLImage? frame = null;
        MLImage? previous = null;
        while (cursor.MoveNext())
        {
            getPrevious(ref previous!);
            getFrame(ref frame!);
            if (previous is null || frame is null)
            {
                continue;
            }

            var pair = new byte[PairBytes];
            FramePixels.Read(previous, pair.AsSpan(0, FrameBytes), size, size);
            FramePixels.Read(frame, pair.AsSpan(FrameBytes), size, size);
            yield return pair;
        }
    }
}
