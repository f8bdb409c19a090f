using System.Runtime.InteropServices;
using OpenCvSharp;
using Tdv.Tool.Commands;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class TrackCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _captured = new();
    private readonly string _weights;

    public TrackCommandTests()
    {
        Console.SetError(_captured);
        Console.SetOut(_captured);
        _weights = _folder["weights.safetensors"];
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        model.Save(_weights);
    }

    [Fact]
    public void Points_become_a_table_and_a_video_of_their_trails()
    {
        using var toys = new ToyData(frames: 3);
        string[] command =
        [
            "track",
            "--weights",
            _weights,
            "--input",
            toys.FrameFolder,
            "--points",
            "10,20;40,30@1",
            "--out",
            _folder["out"],
            "--resolution",
            "64",
        ];
        Assert.True(CommandLine.Run(command) == 0, _captured.ToString());

        var points = TrackPoint.ReadFile(Path.Combine(_folder["out"], "tracks.csv"));
        // The first point in all three frames, the second from its own on; each begins where it was given.
        Assert.Equal(
            [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2)],
            points.Select(point => (point.Point, point.Frame)).Order()
        );
        Assert.Equal(new("frames", 0, 0, 10, 20, true), points.Single(point => point is { Point: 0, Frame: 0 }));
        Assert.Equal(new("frames", 1, 1, 40, 30, true), points.Single(point => point is { Point: 1, Frame: 1 }));
        using var video = new VideoCapture(Path.Combine(_folder["out"], "frames.tracks.mp4"));
        Assert.Equal((ToyData.Width, ToyData.Height), (video.FrameWidth, video.FrameHeight));
        Assert.Equal(3, video.FrameCount);
    }

    [Fact]
    public void A_point_outside_the_picture_is_named()
    {
        using var toys = new ToyData(frames: 3);
        string[] command =
        [
            "track",
            "--weights",
            _weights,
            "--input",
            toys.FrameFolder,
            "--points",
            "65,20",
            "--out",
            _folder["out"],
        ];
        Assert.NotEqual(CommandLine.Success, CommandLine.Run(command));
        Assert.Contains("point 0 is at x 65, y 20; the picture has 64 × 48 pixels.", _captured.ToString());
        Assert.False(File.Exists(Path.Combine(_folder["out"], "frames.tracks.mp4")));
    }

    [Fact]
    public void Ways_to_follow_points_are_compared_on_videos_made_of_pictures()
    {
        string pictures = _folder["pictures"];
        Directory.CreateDirectory(pictures);
        for (int i = 0; i < 2; i++)
        {
            WriteNoise(Path.Combine(pictures, $"{i}.png"), i);
        }

        string run = _folder["run"];
        string[] command =
        [
            "evaluate",
            "tracks",
            "--weights",
            _weights,
            "--pictures",
            pictures,
            "--clips",
            "1",
            "--out",
            run,
            "--resolution",
            "64",
        ];
        Assert.True(CommandLine.Run(command) == 0, _captured.ToString());

        string text = _captured.ToString();
        foreach (
            string method in new[]
            {
                "standing still",
                "Lucas–Kanade (OpenCV)",
                "raw pixels",
                "untrained network",
                "TDV",
            }
        )
        {
            Assert.Contains($"\n{method}: ", "\n" + text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Path.Combine(run, "tables", "tracks.json")));
        // The videos that were made can be read again: the same truth, the same figures.
        string[] again =
        [
            "evaluate",
            "tracks",
            "--weights",
            _weights,
            "--data",
            Path.Combine(run, "clips"),
            "--out",
            _folder["again"],
            "--resolution",
            "64",
        ];
        Assert.True(CommandLine.Run(again) == 0, _captured.ToString());
        Assert.Equal(
            File.ReadAllText(Path.Combine(run, "tables", "tracks.json")),
            File.ReadAllText(Path.Combine(_folder["again"], "tables", "tracks.json"))
        );
    }

    [Fact]
    public void Videos_or_pictures_are_needed()
    {
        string[] command = ["evaluate", "tracks", "--weights", _weights, "--out", _folder["run"]];
        Assert.Equal(CommandLine.Failure, CommandLine.Run(command));
        Assert.Contains("Give either --data, videos with their tracks.csv, or --pictures", _captured.ToString());
    }

    public void Dispose()
    {
        Console.SetError(_error);
        Console.SetOut(_out);
        _folder.Dispose();
    }

    /// <summary>Coarse noise: no two places are alike.</summary>
    private static void WriteNoise(string path, int seed)
    {
        byte[] bytes = new byte[24 * 24 * 3];
        new Random(seed).NextBytes(bytes);
        using var noise = new Mat(24, 24, MatType.CV_8UC3);
        Marshal.Copy(bytes, 0, noise.Data, bytes.Length);
        using var picture = new Mat();
        Cv2.Resize(noise, picture, new Size(300, 300), 0, 0, InterpolationFlags.Cubic);
        Cv2.ImWrite(path, picture);
    }
}
