using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Training;
using Tdv.Samples.Pipeline;
using static TorchSharp.torch;

namespace Tdv.Samples.Studies;

/// <summary>What CLS vectors tell of whole frames.</summary>
/// <param name="Deviation">As that of patches: 1 where they point everywhere, 0 where all are the same.</param>
/// <param name="Nearest">
/// How often the most similar frame (cosine) among the first halves of all videos is of the same video, for frames of the
/// second halves; 0 to 1.
/// </param>
internal sealed record ClsHealth(double Deviation, double Nearest)
{
    private const string Cls = "Cls";

    /// <summary>Frames that are looked at, mixed from all videos.</summary>
    private const int MostFrames = 512;

    public static ClsHealth Measure(MLContext ml, IDataView videos, TdvModel model)
    {
        var options = new TdvFeatureOptions
        {
            ImageHeight = model.ImageSize,
            ImageWidth = model.ImageSize,
            ClsColumnName = Cls,
        };
        var featurizer = ml.Transforms.TdvFeaturize(Columns.Features, Columns.Frame, model, options);
        var byVideo = Read(featurizer.Fit(videos).Transform(videos))
            .Take(MostFrames)
            .GroupBy(row => row.Video, row => (row.Time, row.Vector))
            .OrderBy(video => video.Key, StringComparer.Ordinal)
            .Select(video => video.OrderBy(frame => frame.Time).Select(frame => frame.Vector).ToArray())
            .ToList();
        using var scope = NewDisposeScope();
        var first = Unit(byVideo.SelectMany(video => video.Take(video.Length / 2)));
        var second = Unit(byVideo.SelectMany(video => video.Skip(video.Length / 2)));
        long[] videosOfFirst = [.. byVideo.SelectMany((video, i) => Enumerable.Repeat((long)i, video.Length / 2))];
        long[] videosOfSecond =
        [
            .. byVideo.SelectMany((video, i) => video.Skip(video.Length / 2).Select(_ => (long)i)),
        ];
        long[] nearest = second.matmul(first.t()).argmax(1).data<long>().ToArray();
        return new ClsHealth(
            CollapseMonitor.Deviation(cat([first, second])),
            nearest.Zip(videosOfSecond, (found, video) => videosOfFirst[found] == video ? 1.0 : 0).Average()
        );
    }

    private static IEnumerable<(string Video, float Time, float[] Vector)> Read(IDataView frames)
    {
        var (video, time, cls) = (frames.Schema["Video"], frames.Schema["Time"], frames.Schema[Cls]);
        using var cursor = frames.GetRowCursor([video, time, cls], new Random(0));
        var getVideo = cursor.GetGetter<ReadOnlyMemory<char>>(video);
        var getTime = cursor.GetGetter<float>(time);
        var getCls = cursor.GetGetter<VBuffer<float>>(cls);
        ReadOnlyMemory<char> name = default;
        float moment = 0;
        VBuffer<float> vector = default;
        while (cursor.MoveNext())
        {
            getVideo(ref name);
            getTime(ref moment);
            getCls(ref vector);
            yield return (name.ToString(), moment, vector.DenseValues().ToArray());
        }
    }

    /// <returns>Of length 1, <c>[n, D]</c>.</returns>
    private static Tensor Unit(IEnumerable<float[]> vectors)
    {
        float[][] rows = [.. vectors];
        return nn.functional.normalize(
            tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]),
            dim: 1
        );
    }
}
