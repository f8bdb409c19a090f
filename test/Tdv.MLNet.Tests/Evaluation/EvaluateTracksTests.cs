using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Tdv.MLNet.Tests.Evaluation;

public sealed class EvaluateTracksTests
{
    private readonly MLContext _ml = new(seed: 1);

    /// <summary>Pictures 512 wide and 128 high: 2 px in x are 1 px of TAP-Vid's, 1 px in y are 2.</summary>
    private static readonly TrackingOptions Size = new() { PictureWidth = 512, PictureHeight = 128 };

    private sealed class Row
    {
        public string Video { get; set; } = "";

        public float[] Tracks { get; set; } = [];

        public bool[] Visible { get; set; } = [];
    }

    [Fact]
    public void Measures_are_those_counted_by_hand()
    {
        TrackPoint[] truth =
        [
            new("a", 0, 0, 100, 50, true),
            new("a", 0, 1, 100, 50, true),
            new("a", 0, 2, 100, 50, true),
            new("a", 0, 3, 100, 50, false),
            new("a", 1, 0, 200, 50, false),
            new("a", 1, 1, 200, 50, true),
            new("a", 1, 2, 200, 50, true),
            new("a", 1, 3, 200, 50, true),
        ];
        Row[] rows =
        [
            // The query of point 0; before the query of point 1: neither counts.
            Of("a", (0, 0, false), (0, 0, true)),
            // Point 0 is 3 px off, seen. The query of point 1.
            Of("a", (106, 50, true), (0, 0, false)),
            // Point 0 is exact, but said to be hidden. Point 1 is 8 px off, which is not less than 8, seen.
            Of("a", (100, 50, false), (200, 54, true)),
            // Point 0 is hidden, said to be seen. Point 1 is 0.5 px off, seen.
            Of("a", (100, 50, true), (201, 50, true)),
        ];

        var metrics = _ml.Regression.EvaluateTracks(_ml.Data.LoadFromEnumerable(rows), truth, Size);

        // Judged: point 0 in 1, 2, 3, point 1 in 2, 3; right about being seen in 1 and, for point 1, 2 and 3.
        Assert.Equal(3 / 5.0, metrics.OcclusionAccuracy, 1e-12);
        // Of 4 that are seen: the exact one and that 0.5 px off from 1 px on, that 3 px off from 4 px on, that 8 px off at 16.
        Assert.Equal([2 / 4.0, 2 / 4.0, 3 / 4.0, 3 / 4.0, 4 / 4.0], metrics.PositionAccuracies);
        // True positives 1, 1, 2, 2, 3; false ones the hidden one and those too far away: 3, 3, 2, 2, 1.
        Assert.Equal([1 / 7.0, 1 / 7.0, 2 / 6.0, 2 / 6.0, 3 / 5.0], metrics.Jaccards);
        Assert.Equal(3.5 / 5, metrics.PositionAccuracy, 1e-12);
        Assert.Equal(((2 / 7.0) + (4 / 6.0) + (3 / 5.0)) / 5, metrics.AverageJaccard, 1e-12);
        Assert.Equal((1, 2), (metrics.Videos, metrics.Points));
        Assert.Equal(
            "position accuracy 70.0, average Jaccard 31.0, occlusion accuracy 60.0 (2 points in 1 video(s))",
            metrics.ToString()
        );
    }

    [Fact]
    public void Videos_count_alike_however_many_points_they_have()
    {
        TrackPoint[] truth =
        [
            new("a", 0, 0, 0, 0, true),
            new("a", 0, 1, 0, 0, true),
            new("a", 0, 2, 0, 0, true),
            new("b", 0, 0, 0, 0, true),
            new("b", 0, 1, 0, 0, true),
        ];
        Row[] rows =
        [
            Of("a", (0, 0, true), (0, 0, false)),
            Of("a", (0, 0, true), (0, 0, false)),
            Of("a", (0, 0, true), (0, 0, false)),
            Of("b", (float.NaN, float.NaN, false), (0, 0, true)),
            Of("b", (float.NaN, float.NaN, false), (400, 0, true)),
        ];
        var metrics = _ml.Regression.EvaluateTracks(_ml.Data.LoadFromEnumerable(rows), truth, Size);
        Assert.Equal(0.5, metrics.PositionAccuracy);
        Assert.Equal(0.5, metrics.AverageJaccard);
        Assert.Equal(1, metrics.OcclusionAccuracy);
    }

    [Fact]
    public void Rows_that_are_missing_and_other_points_are_faults()
    {
        TrackPoint[] truth =
        [
            new("a", 0, 0, 0, 0, true),
            new("a", 0, 2, 0, 0, true),
            new("b", 0, 0, 0, 0, true),
            new("b", 0, 1, 0, 0, true),
        ];
        var rows = _ml.Data.LoadFromEnumerable([Of("a", (0, 0, true), (0, 0, true))]);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.EvaluateTracks(rows, truth, Size));
        Assert.Equal(
            "EvaluateTracks cannot compare all of the truth:\n"
                + "- the truth of 'a' goes on to frame 2; its rows end with frame 0.\n- there is no row of the video 'b'.\n"
                + "- the truth tells of no frame after a point's first.",
            error.Message
        );

        rows = _ml.Data.LoadFromEnumerable([Of("b", (0, 0, true)), Of("b", (0, 0, true))]);
        error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.EvaluateTracks(rows, truth, Size));
        Assert.StartsWith(
            "EvaluateTracks: row 1 has 2 coordinates and 1 flags, but the truth has 2 points.",
            error.Message
        );
    }

    [Fact]
    public void All_wrong_columns_are_named()
    {
        var rows = _ml.Data.LoadFromEnumerable([Of("a", (0, 0, true))]);
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Regression.EvaluateTracks(
                rows,
                [new("a", 0, 0, 0, 0, true)],
                new TrackingOptions { TracksColumnName = "Places", VisibleColumnName = "Tracks" }
            )
        );
        Assert.StartsWith("EvaluateTracks cannot use these columns:\n- there is no column 'Places'", error.Message);
        Assert.Contains("\n- column 'Tracks' is of type Vector<Single>; Vector<Boolean> is expected", error.Message);
        Assert.Contains("\n- there is no column 'Frame'", error.Message);
    }

    private static Row Of(string video, params (float X, float Y, bool Visible)[] points) =>
        new()
        {
            Video = video,
            Tracks = [.. points.SelectMany(point => new[] { point.X, point.Y })],
            Visible = [.. points.Select(point => point.Visible)],
        };
}
