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
        Assert.Equal(6, files.Count(file => file.StartsWith("frame-", StringComparison.Ordinal)));
        using var picture = Cv2.ImRead(Path.Combine(_folder["show"], files.Last(file => file.EndsWith(".png"))));
        Assert.Equal((6 * 320) + (5 * 6), picture.Width);
        using var video = new VideoCapture(Path.Combine(_folder["show"], "frames.features.mp4"));
        Assert.Equal((2 * 320) + 6, video.FrameWidth);
        Assert.Equal(6, video.FrameCount);
        Assert.Contains("prediction gain over 'nothing moves'", _captured.ToString(), StringComparison.Ordinal);
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
