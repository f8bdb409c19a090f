using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;
using Row = Tdv.MLNet.Tests.Motion.TrackScene.Row;

namespace Tdv.MLNet.Tests.Motion;

public sealed class TrackPointsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly TrackScene _scene = new();

    [Fact]
    public void Points_move_against_the_camera()
    {
        // The camera goes one cell to the right and one down per frame: 10 pixels to the left and up.
        Row[] rows = [.. Enumerable.Range(0, 3).Select(i => _scene.See(10 + i, 10 + i))];
        var found = TrackScene.Follow(_ml, rows, [new(0, 45, 55), new(1, 25, 65)]);

        Assert.Equal([45, 55, float.NaN, float.NaN], Rounded(found[0].Tracks));
        Assert.Equal([35, 45, 25, 65], Rounded(found[1].Tracks));
        Assert.Equal([25, 35, 15, 55], Rounded(found[2].Tracks));
        Assert.Equal([true, false], found[0].Visible);
        Assert.Equal([true, true], found[2].Visible);
    }

    [Fact]
    public void A_point_that_is_covered_stays_where_it_was_seen_last_and_is_found_again()
    {
        Row[] rows = [.. Enumerable.Range(0, 5).Select(i => _scene.See(10, 10 + (i / 2)))];
        // In frames 2 and 3 something else is there.
        var other = new TrackScene(seed: 2);
        foreach (int frame in new[] { 2, 3 })
        {
            rows[frame] = other.See(0, 0);
        }

        var found = TrackScene.Follow(_ml, rows, [new(0, 45, 55)]);

        Assert.Equal([true, true, false, false, true], found.Select(row => row.Visible[0]));
        Assert.Equal([45, 45, 45, 45, 25], found.Select(row => MathF.Round(row.Tracks[0])));
    }

    [Fact]
    public void A_place_that_leads_elsewhere_on_the_way_back_does_not_count()
    {
        // In the second frame the point's feature is gone, and the best that is left is a neighbor's.
        var first = _scene.See(10, 10);
        var second = _scene.See(10, 10);
        int at = ((5 * TrackScene.Cells) + 4) * TrackScene.Depth;
        float[] mixed = new float[TrackScene.Depth];
        for (int i = 0; i < TrackScene.Depth; i++)
        {
            // Alike enough by its cosine, but more like the cell three columns to the left.
            mixed[i] = first.Features[at + i] + (1.3f * first.Features[at - (3 * TrackScene.Depth) + i]);
        }

        mixed.CopyTo(second.Features, at - (3 * TrackScene.Depth));
        Array.Fill(second.Features, 0.1f, at, TrackScene.Depth);

        var strict = TrackScene.Follow(_ml, [first, second], [new(0, 45, 55)]);
        var lenient = TrackScene.Follow(
            _ml,
            [first, second],
            [new(0, 45, 55)],
            TrackScene.Options with
            {
                MaxCycleDistance = 99,
            }
        );

        Assert.False(strict[1].Visible[0]);
        Assert.True(lenient[1].Visible[0]);
        Assert.Equal(15, lenient[1].Tracks[0], 0.5f);
    }

    [Fact]
    public void Each_video_begins_anew()
    {
        Row[] rows =
        [
            _scene.See(10, 10, "a"),
            _scene.See(10, 11, "a"),
            _scene.See(20, 20, "b"),
            _scene.See(19, 20, "b"),
        ];
        var found = TrackScene.Follow(_ml, rows, [new(0, 45, 45, "b"), new(0, 45, 55, "a")]);

        Assert.Equal([float.NaN, float.NaN, 35, 55], Rounded(found[1].Tracks));
        Assert.Equal([45, 45, float.NaN, float.NaN], Rounded(found[2].Tracks));
        Assert.Equal([45, 55, float.NaN, float.NaN], Rounded(found[3].Tracks));
        Assert.Equal([true, false], found[3].Visible);
    }

    [Fact]
    public void Nothing_is_computed_for_who_does_not_ask()
    {
        // A query that cannot be followed: whoever only reads the video's name does not hear of it.
        Row[] rows = [_scene.See(10, 10)];
        var view = _ml.Data.TrackPoints(_ml.Data.LoadFromEnumerable(rows), [new(5, 1, 1)], TrackScene.Options);

        Assert.Equal(["a"], view.GetColumn<string>("Video"));
        Assert.Throws<InvalidOperationException>(() => view.GetColumn<float[]>("Tracks").ToList());
        Assert.Equal([1, 2], ((VectorDataViewType)view.Schema["Tracks"].Type).Dimensions);
        Assert.False(view.CanShuffle);
    }

    [Fact]
    public void All_faults_that_the_arguments_show_are_told_at_once()
    {
        var rows = _ml.Data.LoadFromEnumerable<Row>([]);
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Data.TrackPoints(
                rows,
                [new(-1, 5, 5), new(0, 81, 5, "a"), new(0, float.NaN, 5)],
                TrackScene.Options with
                {
                    SearchRadius = 0,
                    Temperature = 0,
                    PictureWidth = null,
                }
            )
        );
        Assert.Equal(
            "TrackPoints cannot work with these arguments:\n"
                + "- PictureHeight and PictureWidth belong together; give both or neither.\n"
                + "- SearchRadius is 0; it must be from 1 to 256 cells.\n"
                + "- Temperature is 0; it must be above 0.\n"
                + "- point 0 is given in frame -1; frames count from 0.\n"
                + "- point 0 names no video, but others do; name one for each point or for none.\n"
                + "- point 2 is at x NaN, y 5; pixels count from 0.\n"
                + "- point 2 names no video, but others do; name one for each point or for none.",
            error.Message
        );

        error = Assert.Throws<ArgumentException>(() => _ml.Data.TrackPoints(rows, []));
        Assert.Equal(
            "TrackPoints cannot work with these arguments:\n- there are no points; give at least one TrackQuery.",
            error.Message
        );

        error = Assert.Throws<ArgumentException>(() =>
            _ml.Data.TrackPoints(rows, [new(0, 81, 90)], TrackScene.Options)
        );
        Assert.Equal(
            "TrackPoints cannot work with these arguments:\n- point 0 is at x 81, y 90; the picture has 80 × 80 pixels.",
            error.Message
        );

        error = Assert.Throws<ArgumentException>(() =>
            _ml.Data.TrackPoints(rows, [new(0, 1, 1)], new TrackingOptions { FeatureColumnName = "Video" })
        );
        Assert.StartsWith(
            "TrackPoints cannot use these columns:\n- column 'Video' is of type String; Vector<Single, height, width, D> is expected",
            error.Message
        );
        Assert.Contains("\n- there is no column 'Frame' among 'Video', 'Features'; Image is expected", error.Message);
    }

    [Fact]
    public void All_faults_that_the_rows_show_are_told_at_the_end()
    {
        Row[] rows = [_scene.See(10, 10, "a"), _scene.See(10, 11, "a"), _scene.See(10, 10, "b")];
        var error = Assert.Throws<InvalidOperationException>(() =>
            TrackScene.Follow(_ml, rows, [new(2, 5, 5, "a"), new(0, 5, 5, "b"), new(0, 5, 5, "c")])
        );
        Assert.Equal(
            "TrackPoints cannot follow these points:\n"
                + "- point 0 is given in frame 2; the video 'a' ends with frame 1.\n"
                + "- the video 'b' has a single frame; there is none to follow points into.\n"
                + "- there is no row of the video 'c', which 1 point(s) name.",
            error.Message
        );
    }

    [Fact]
    public void Rows_that_are_not_in_order_are_refused()
    {
        Row[] rows = [_scene.See(10, 10, "a"), _scene.See(10, 10, "b"), _scene.See(10, 11, "a")];
        var error = Assert.Throws<InvalidOperationException>(() => TrackScene.Follow(_ml, rows, [new(0, 5, 5, "a")]));
        Assert.StartsWith("TrackPoints: the rows of the video 'a' do not follow one another", error.Message);

        error = Assert.Throws<InvalidOperationException>(() => TrackScene.Follow(_ml, rows, [new(0, 5, 5)]));
        Assert.StartsWith("TrackPoints: the points name no video, but a second video begins, 'b'.", error.Message);
    }

    [Fact]
    public void A_feature_that_is_no_number_is_named()
    {
        Row[] rows = [_scene.See(10, 10), _scene.See(10, 10)];
        rows[1].Features[3] = float.NaN;
        var error = Assert.Throws<InvalidDataException>(() => TrackScene.Follow(_ml, rows, [new(0, 5, 5)]));
        Assert.StartsWith("Row 1: 'Features' holds NaN (number 3 of ", error.Message, StringComparison.Ordinal);
    }

    private static float[] Rounded(float[] values) => [.. values.Select(value => MathF.Round(value))];
}
