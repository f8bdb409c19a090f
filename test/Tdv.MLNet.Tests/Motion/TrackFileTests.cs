using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class TrackFileTests : IDisposable
{
    private const string Header = "video,point,frame,x,y,visible";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_again()
    {
        TrackPoint[] points =
        [
            new("a, b.mp4", 0, 0, 1.5f, 0.1f, true),
            new("a, b.mp4", 0, 1, float.NaN, float.NaN, false),
            new("c", 3, 12, 255.75f, 1e-7f, true),
        ];
        TrackPoint.WriteFile(_folder["tracks.csv"], points);

        Assert.Equal(points, TrackPoint.ReadFile(_folder["tracks.csv"]));
        Assert.Equal("a, b.mp4,0,0,1.5,0.1,1", File.ReadAllLines(_folder["tracks.csv"])[1]);
    }

    [Fact]
    public void All_wrong_lines_are_named()
    {
        string path = _folder.Write(
            "tracks.csv",
            "video,x,y",
            "a,0,0,1,2,1",
            "a,0,0,3,4,0",
            "a,0,-1,3,4,0",
            "a,0,1,NaN,4,1",
            "a,0,1,3,4,yes",
            "0,1,3,4,1"
        );
        var error = Assert.Throws<FormatException>(() => TrackPoint.ReadFile(path));
        Assert.Equal(
            $"The file of tracks '{path}' needs lines '{Header}', numbers from 0, visible 1 or 0:\n"
                + $"- line 1 is 'video,x,y'; the header '{Header}' is expected\n"
                + "- line 3 tells again where point 0 is in frame 0, as line 2 does\n"
                + "- line 4 is 'a,0,-1,3,4,0'\n- line 5 is 'a,0,1,NaN,4,1'\n- line 6 is 'a,0,1,3,4,yes'\n- line 7 is '0,1,3,4,1'",
            error.Message
        );
    }

    [Fact]
    public void A_file_that_is_missing_or_empty_is_named()
    {
        var missing = Assert.Throws<FileNotFoundException>(() => TrackPoint.ReadFile(_folder["none.csv"]));
        Assert.StartsWith($"The file of tracks '{_folder["none.csv"]}' does not exist.", missing.Message);

        var empty = Assert.Throws<FormatException>(() => TrackPoint.ReadFile(_folder.Write("empty.csv", Header)));
        Assert.EndsWith("- there is no line behind the header", empty.Message);
    }

    [Fact]
    public void Queries_are_where_points_are_seen_first()
    {
        TrackPoint[] truth =
        [
            new("a", 0, 2, 5, 6, true),
            new("a", 0, 1, 3, 4, true),
            new("a", 0, 0, 1, 2, false),
            new("b", 0, 0, 7, 8, true),
        ];
        Assert.Equal([new(1, 3, 4, "a"), new(0, 7, 8, "b")], TrackPoint.Queries(truth));

        var error = Assert.Throws<ArgumentException>(() => TrackPoint.Queries([new("a", 4, 0, 1, 1, false)]));
        Assert.Equal(
            "Tracks without a frame to begin in:\n- point 4 of 'a' is visible in no frame; remove it.",
            error.Message
        );
    }
}
