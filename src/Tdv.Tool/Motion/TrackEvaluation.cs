using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Painting;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;

namespace Tdv.Tool.Motion;

/// <summary>Compares ways to follow points on videos whose truth is known.</summary>
/// <param name="data">Videos and truth.</param>
/// <param name="models">Weights, one for each seed.</param>
/// <param name="output">Receives the table.</param>
/// <param name="resolution">The longer side that frames are resized to for features; null: the default.</param>
internal sealed class TrackEvaluation(
    TrackData data,
    IReadOnlyList<string> models,
    OutputFolder output,
    int? resolution
)
{
    private const string StandingStill = "standing still";
    private const string Classic = "Lucas–Kanade (OpenCV)";
    private readonly MLContext _ml = Context.Create(seed: 0);
    private readonly IReadOnlyList<TrackQuery> _queries = TrackPoint.Queries(data.Truth);

    public ResultTable Run(CancellationToken cancellation)
    {
        string[] hashes = [.. models.Select(Seeing.ModelSource.HashOf)];
        var results = new Dictionary<string, List<TrackMetrics>>();
        var frames = new TrackFrames(_ml, data.Videos);
        Add(StandingStill, _ml.Regression.EvaluateTracks(Still(frames), data.Truth, OfSize(frames)));
        Add(Classic, _ml.Regression.EvaluateTracks(Flow(frames, cancellation), data.Truth, OfSize(frames)));
        foreach (var contender in Contender.All(_ml, models))
        {
            using (contender)
            {
                cancellation.ThrowIfCancellationRequested();
                int size = contender.Model?.ImageSize ?? ImageSize();
                Add(
                    contender.Name,
                    _ml.Regression.EvaluateTracks(frames.Follow(contender, _queries, size, resolution), data.Truth)
                );
            }
        }

        var table = Table(results);
        table.Save(output, "tracks", hashes);
        table.Show();
        return table;

        void Add(string name, TrackMetrics metrics)
        {
            if (!results.TryGetValue(name, out var all))
            {
                results[name] = all = [];
            }

            all.Add(metrics);
            Terminal.Line($"{name}: {metrics}");
        }
    }

    /// <summary>Raw pixels are cut as the first network's frames are.</summary>
    private int ImageSize()
    {
        using var model = Seeing.ModelSource.Load(_ml, models[0]);
        return model.ImageSize;
    }

    private static TrackingOptions OfSize(TrackFrames frames) =>
        new() { PictureHeight = frames.Height, PictureWidth = frames.Width };

    private IDataView Still(TrackFrames frames) =>
        _ml.Data.LoadFromEnumerable(
            frames
                .View.GetColumn<ReadOnlyMemory<char>>("Video")
                .Select(video => new TrackRow
                {
                    Video = $"{video}",
                    Tracks = [.. _queries.SelectMany(query => new[] { query.X, query.Y })],
                    Visible = [.. _queries.Select(_ => true)],
                })
        );

    private IDataView Flow(TrackFrames frames, CancellationToken cancellation) =>
        _ml.Data.LoadFromEnumerable(FlowRows(frames, cancellation));

    private IEnumerable<TrackRow> FlowRows(TrackFrames frames, CancellationToken cancellation)
    {
        using var cursor = frames.View.GetRowCursor([frames.View.Schema["Video"], frames.View.Schema[Columns.Frame]]);
        var getVideo = cursor.GetGetter<ReadOnlyMemory<char>>(frames.View.Schema["Video"]);
        var getImage = cursor.GetGetter<MLImage>(frames.View.Schema[Columns.Frame]);
        ReadOnlyMemory<char> video = default;
        LucasKanade? flow = null;
        string? name = null;
        try
        {
            while (cursor.MoveNext())
            {
                cancellation.ThrowIfCancellationRequested();
                MLImage image = null!;
                getVideo(ref video);
                getImage(ref image);
                if (name != $"{video}")
                {
                    name = $"{video}";
                    flow?.Dispose();
                    flow = new([.. _queries.Select((query, i) => (query, i)).Where(item => item.query.Video == name)]);
                }

                var row = new TrackRow
                {
                    Video = name,
                    Tracks = new float[2 * _queries.Count],
                    Visible = new bool[_queries.Count],
                };
                using (image)
                using (var picture = Pictures.ToMat(image))
                {
                    flow!.Follow(picture, row);
                }

                yield return row;
            }
        }
        finally
        {
            flow?.Dispose();
        }
    }

    private ResultTable Table(Dictionary<string, List<TrackMetrics>> results) =>
        new(
            "Points followed through videos",
            $"{_queries.Count} points in {data.Videos.Count} videos; % of points after their queries. δ avg: seen points found "
                + "nearer than 1, 2, 4, 8, 16 px of a 256 × 256 picture, on average; AJ: average Jaccard, position and visibility in "
                + $"one figure; OA: visibility is right (TAP-Vid). {models.Count} seed(s), mean ± standard deviation.",
            ["method", "δ avg", "AJ", "OA", .. TrackMetrics.Thresholds.Select(pixels => $"< {pixels} px")],
            [.. results.Select(result => Row(result.Key, result.Value))]
        );

    private static IReadOnlyList<object> Row(string name, List<TrackMetrics> seeds) =>
        [
            name,
            Spread.Percent(seeds.Select(metrics => metrics.PositionAccuracy)),
            Spread.Percent(seeds.Select(metrics => metrics.AverageJaccard)),
            Spread.Percent(seeds.Select(metrics => metrics.OcclusionAccuracy)),
            .. TrackMetrics.Thresholds.Select(
                (_, i) => Spread.Percent(seeds.Select(metrics => metrics.PositionAccuracies[i]))
            ),
        ];
}
