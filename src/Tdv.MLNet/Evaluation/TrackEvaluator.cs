using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Evaluation;

/// <summary>Compares followed points with the truth, row by row.</summary>
internal sealed class TrackEvaluator
{
    private static readonly ColumnKind Positions = new(
        "Vector<Single> of x and y of each point is expected, as TrackPoints gives it",
        typeof(float),
        IsVector: true
    );
    private static readonly ColumnKind Visibility = new(
        "Vector<Boolean> is expected, as TrackPoints gives it",
        typeof(bool),
        IsVector: true
    );
    private readonly TrackingOptions _options;
    private readonly int _points;
    private readonly Dictionary<string, TrackCount> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _frames = new(StringComparer.Ordinal);

    /// <summary>By video and frame: the points' indices and where they are, after their queries.</summary>
    private readonly Dictionary<(string Video, int Frame), List<(int Index, TrackPoint Truth)>> _truth = [];

    /// <param name="truth">In the order of the queries made of it.</param>
    /// <param name="options">Names of columns, size of pictures.</param>
    public TrackEvaluator(IReadOnlyList<TrackPoint> truth, TrackingOptions options)
    {
        _options = options;
        var queries = TrackPoint.Queries(truth);
        _points = queries.Count;
        int index = 0;
        foreach (var track in truth.GroupBy(line => (line.Video, line.Point)))
        {
            foreach (var line in track.Where(line => line.Frame > queries[index].Frame))
            {
                if (!_truth.TryGetValue((line.Video, line.Frame), out var lines))
                {
                    _truth[(line.Video, line.Frame)] = lines = [];
                }

                lines.Add((index, line));
            }

            index++;
        }
    }

    public TrackMetrics Run(IDataView view)
    {
        var faults = new Faults();
        _options.Check(faults);
        faults.Check(_points > 0, "there is no truth; give at least one track.");
        faults.ThrowIfAny("EvaluateTracks cannot work with these arguments:");
        var tracks = ColumnCheck.Require(view.Schema, _options.TracksColumnName, Positions, faults);
        var visible = ColumnCheck.Require(view.Schema, _options.VisibleColumnName, Visibility, faults);
        var video = _options.VideoColumnName is { } name
            ? ColumnCheck.Require(view.Schema, name, ColumnKind.Text, faults)
            : null;
        var image = _options.PictureHeight is null
            ? ColumnCheck.Require(view.Schema, _options.ImageColumnName, ColumnKind.Image, faults)
            : null;
        faults.ThrowIfAny("EvaluateTracks cannot use these columns:");
        Count(view, tracks!.Value, visible!.Value, video, image);
        return Metrics();
    }

    private void Count(
        IDataView view,
        DataViewSchema.Column tracks,
        DataViewSchema.Column visible,
        DataViewSchema.Column? video,
        DataViewSchema.Column? image
    )
    {
        using var cursor = view.GetRowCursor(new[] { tracks, visible, video, image }.OfType<DataViewSchema.Column>());
        var getTracks = cursor.GetGetter<VBuffer<float>>(tracks);
        var getVisible = cursor.GetGetter<VBuffer<bool>>(visible);
        var getVideo = video is { } text ? cursor.GetGetter<ReadOnlyMemory<char>>(text) : null;
        var getImage = image is { } picture ? cursor.GetGetter<MLImage>(picture) : null;
        VBuffer<float> places = default;
        VBuffer<bool> seen = default;
        ReadOnlyMemory<char> name = default;
        MLImage? frame = null;
        var (height, width) = (_options.PictureHeight ?? 0, _options.PictureWidth ?? 0);
        while (cursor.MoveNext())
        {
            getVideo?.Invoke(ref name);
            // Truth of the only video may call it as it likes.
            string key = getVideo is null ? _truth.Keys.First().Video : name.ToString();
            int number = _frames.GetValueOrDefault(key);
            _frames[key] = number + 1;
            if (number == 0 && getImage is not null)
            {
                getImage(ref frame!);
                (height, width) = (frame?.Height ?? 0, frame?.Width ?? 0);
            }

            if (!_truth.TryGetValue((key, number), out var truth))
            {
                continue;
            }

            getTracks(ref places);
            getVisible(ref seen);
            Check(places, seen, cursor.Position);
            Add(key, truth, [.. places.DenseValues()], [.. seen.DenseValues()], height, width);
        }
    }

    private void Check(in VBuffer<float> places, in VBuffer<bool> seen, long row)
    {
        if (places.Length != 2 * _points || seen.Length != _points)
        {
            throw new InvalidOperationException(
                $"EvaluateTracks: row {row} has {places.Length} coordinates and {seen.Length} flags, but the truth has "
                    + $"{_points} points. Follow the points of TrackPoint.Queries(truth)."
            );
        }
    }

    private void Add(
        string video,
        List<(int Index, TrackPoint Truth)> truth,
        float[] places,
        bool[] seen,
        int height,
        int width
    )
    {
        if (!_counts.TryGetValue(video, out var count))
        {
            _counts[video] = count = new TrackCount();
        }

        foreach (var (index, point) in truth)
        {
            double dx = ((double)places[2 * index] - point.X) * TrackCount.Side / width;
            double dy = ((double)places[(2 * index) + 1] - point.Y) * TrackCount.Side / height;
            count.Add(dx, dy, point.IsVisible, seen[index]);
        }
    }

    private TrackMetrics Metrics()
    {
        var faults = new Faults();
        foreach (var video in _truth.Keys.GroupBy(key => key.Video))
        {
            int last = video.Max(key => key.Frame);
            int frames = _frames.GetValueOrDefault(video.Key);
            faults.Check(
                frames > last,
                frames == 0
                    ? $"there is no row of the video '{video.Key}'."
                    : $"the truth of '{video.Key}' goes on to frame {last}; its rows end with frame {frames - 1}."
            );
        }

        faults.Check(_counts.Count > 0, "the truth tells of no frame after a point's first.");
        if (faults.Count > 0)
        {
            throw new InvalidOperationException(faults.Text("EvaluateTracks cannot compare all of the truth:"));
        }

        TrackCount[] withVisible = [.. _counts.Values.Where(count => count.HasVisible)];
        return new TrackMetrics(
            Mean(withVisible.Select(count => count.PositionAccuracies)),
            Mean(withVisible.Select(count => count.Jaccards)),
            _counts.Values.Average(count => count.OcclusionAccuracy),
            _counts.Count,
            _points
        );
    }

    /// <summary>Of the videos, for each threshold; not a number where no video has a point that is seen.</summary>
    private static double[] Mean(IEnumerable<IEnumerable<double>> videos)
    {
        double[][] all = [.. videos.Select(video => video.ToArray())];
        return
        [
            .. TrackMetrics.Thresholds.Select((_, i) => all.Length == 0 ? double.NaN : all.Average(video => video[i])),
        ];
    }
}
