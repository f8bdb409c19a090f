using OpenCvSharp;
using Tdv.Tool.Commands;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class ShowCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ToyData _toys = new(frames: 24);
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _captured = new();

    public ShowCommandTests()
    {
        Console.SetError(_captured);
        Console.SetOut(_captured);
    }

    public void Dispose()
    {
        Console.SetError(_error);
        Console.SetOut(_out);
        _toys.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Show_writes_pictures_of_frames_and_a_video_of_each_kind()
    {
        string weights = _folder["weights.safetensors"];
        using (var model = TdvModel.Create(TdvPreset.Tiny, 1))
        {
            model.Save(weights);
        }

        int code = CommandLine.Run(["show", weights, _toys.FrameFolder, "--out", _folder["show"]]);

        Assert.True(code == CommandLine.Success, _captured.ToString());
        string[] files =
        [
            .. Directory
                .GetFiles(_folder["show"])
                .Select(file => Path.GetFileName(file)!)
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            ["attention", "error", "features", "motion-colors", "motion"],
            files.Where(file => file.EndsWith(".mp4", StringComparison.Ordinal)).Select(file => file.Split('.')[^2])
        );
        // 24 frames at 30 a second: a row every tenth of a second, from a quarter on.
        Assert.Equal(6, files.Count(file => file.StartsWith("frames.frame-", StringComparison.Ordinal)));
        using var picture = Cv2.ImRead(Path.Combine(_folder["show"], files.Last(file => file.EndsWith(".png"))));
        Assert.Equal((6 * 320) + (5 * 6), picture.Width);
        using var video = new VideoCapture(Path.Combine(_folder["show"], "frames.features.mp4"));
        Assert.Equal((2 * 320) + 6, video.FrameWidth);
        Assert.Equal(6, video.FrameCount);
        Assert.Contains("prediction gain over 'nothing moves'", _captured.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A folder's name is whole, whatever looks like an ending in it, and with a slash behind it, too.</summary>
    [Fact]
    public void Of_two_videos_in_one_folder_nothing_is_written_over()
    {
        string weights = _folder["weights.safetensors"];
        using (var model = TdvModel.Create(TdvPreset.Tiny, 1))
        {
            model.Save(weights);
        }

        foreach (string name in new[] { "cam.1", "cam.2" })
        {
            Directory.CreateDirectory(_folder[name]);
            // The same picture all the time.
            string picture = Directory.GetFiles(_toys.FrameFolder).Order(StringComparer.Ordinal).First();
            foreach (int i in Enumerable.Range(0, 12))
            {
                File.Copy(picture, _folder[$"{name}/{i}.png"]);
            }

            int code = CommandLine.Run(["show", weights, _folder[name] + "/", "--out", _folder["show"]]);
            Assert.True(code == CommandLine.Success, _captured.ToString());
        }

        string[] pictures =
        [
            .. Directory.GetFiles(_folder["show"], "*.png").Select(file => Path.GetFileName(file)!).Order(),
        ];
        Assert.Equal(
            [
                "cam.1.frame-000.23s.png",
                "cam.1.frame-000.33s.png",
                "cam.2.frame-000.23s.png",
                "cam.2.frame-000.33s.png",
            ],
            pictures
        );
        Assert.Equal(10, Directory.GetFiles(_folder["show"], "cam.?.*.mp4").Length);
        Assert.Contains(
            "prediction gain over 'nothing moves' in these frames: none, nothing moves",
            _captured.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_and_a_video_that_do_not_exist_are_told()
    {
        string weights = _folder["weights.safetensors"];
        using (var model = TdvModel.Create(TdvPreset.Tiny, 1))
        {
            model.Save(weights);
        }

        Assert.Equal(CommandLine.Failure, CommandLine.Run(["show", "none.zip", _toys.FrameFolder]));
        Assert.Contains("error: The model 'none.zip' does not exist.", _captured.ToString(), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failure, CommandLine.Run(["show", weights, "none.mp4", "--out", _folder["o"]]));
        Assert.Contains("none.mp4", _captured.ToString(), StringComparison.Ordinal);
    }
}
