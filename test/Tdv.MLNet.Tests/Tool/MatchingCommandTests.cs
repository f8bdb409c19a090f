using System.Runtime.InteropServices;
using Tdv.Tool.Commands;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class MatchingCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ToyData _toys = new(frames: 24);
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _captured = new();
    private readonly string _weights;

    public MatchingCommandTests()
    {
        Console.SetError(_captured);
        Console.SetOut(_captured);
        _weights = _folder["weights.safetensors"];
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        model.Save(_weights);
    }

    private string Frame(int index) => Path.Combine(_toys.FrameFolder, ToyData.Name(index));

    [Fact]
    public void Flow_and_disparity_become_files_of_the_pictures_size()
    {
        string folder = _folder["out"];
        string[] flow = ["flow", "--model", _weights, "--from", Frame(0), "--to", Frame(1), "--out", folder];
        Assert.True(CommandLine.Run(flow) == 0, _captured.ToString());
        string[] stereo = ["disparity", "--model", _weights, "--left", Frame(3), "--right", Frame(1), "--out", folder];
        Assert.True(CommandLine.Run(stereo) == 0, _captured.ToString());

        Assert.Equal(
            ["0000.color.png", "0000.flo", "0000.png", "0003.color.png", "0003.pfm", "0003.png"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var found = FlowField.Load(Path.Combine(folder, "0000.flo"));
        Assert.Equal((ToyData.Height, ToyData.Width), (found.Height, found.Width));
        Assert.DoesNotContain(false, found.Valid);
        Assert.All(DisparityMap.Load(Path.Combine(folder, "0003.pfm")).Values, value => Assert.InRange(value, 0, 64));
    }

    [Fact]
    public void Flow_of_a_video_is_that_of_each_pair()
    {
        string[] command = ["flow", "--model", _weights, "--video", _toys.FrameFolder, "--out", _folder["out"]];
        Assert.True(CommandLine.Run(command) == 0, _captured.ToString());

        // 24 frames at 30 a second, a row every quarter of a second from a quarter on.
        Assert.Equal(3, Directory.GetFiles(_folder["out"], "*.flo").Length);
    }

    [Fact]
    public void Ways_to_find_flow_are_compared()
    {
        string data = _folder["data"];
        Directory.CreateDirectory(data);
        // Noise, in which no two places are alike.
        using (var noise = Noise(ToyData.Width))
        {
            OpenCvSharp.Cv2.ImWrite(Path.Combine(data, "a_img1.png"), noise);
            OpenCvSharp.Cv2.ImWrite(Path.Combine(data, "a_img2.png"), noise);
        }

        const int pixels = ToyData.Height * ToyData.Width;
        new FlowField(ToyData.Height, ToyData.Width, new float[pixels], new float[pixels]).Save(
            Path.Combine(data, "a_flow.flo")
        );
        string[] command = ["evaluate", "flow", "--data", data, "--weights", _weights, "--out", _folder["run"]];
        Assert.True(CommandLine.Run(command) == 0, _captured.ToString());

        // The same picture twice: nothing moves.
        string text = _captured.ToString();
        Assert.Contains("Farnebäck: EPE=0.0", text, StringComparison.Ordinal);
        foreach (string method in new[] { "standing still", "raw pixels", "untrained network", "TDV" })
        {
            Assert.Contains($"{method}: EPE=0.000 ", text, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(Path.Combine(_folder["run"], "tables", "flow.json")));
        Assert.True(File.Exists(Path.Combine(_folder["run"], "flow", "a.TDV.png")));
    }

    [Fact]
    public void Ways_to_find_disparity_are_compared()
    {
        string place = Path.Combine(_folder["stereo"], "a");
        Directory.CreateDirectory(place);
        // The right camera sees all of it 8 pixels further to the left: a cell of raw pixels.
        const int disparity = 8;
        using (var noise = Noise(ToyData.Width + disparity))
        {
            foreach (var (name, from) in new[] { ("left", 0), ("right", disparity) })
            {
                using var view = noise[new OpenCvSharp.Rect(from, 0, ToyData.Width, ToyData.Height)];
                OpenCvSharp.Cv2.ImWrite(Path.Combine(place, $"{name}.png"), view);
            }
        }

        // What the right camera does not see is not known.
        new DisparityMap(
            ToyData.Height,
            ToyData.Width,
            [
                .. Enumerable
                    .Range(0, ToyData.Height * ToyData.Width)
                    .Select(i => i % ToyData.Width < disparity ? float.NaN : disparity),
            ]
        ).Save(Path.Combine(place, "disp_left.pfm"));
        string[] command =
        [
            "evaluate",
            "stereo",
            "--data",
            _folder["stereo"],
            "--weights",
            _weights,
            "--out",
            _folder["run"],
            "--reach",
            "24",
        ];
        Assert.True(CommandLine.Run(command) == 0, _captured.ToString());

        string text = _captured.ToString();
        foreach (string method in new[] { "best constant", "SGBM", "raw pixels" })
        {
            Assert.Contains($"{method}: MAE=0.", text, StringComparison.Ordinal);
        }

        Assert.Contains("untrained network: MAE=", text, StringComparison.Ordinal);
        Assert.Contains("TDV: MAE=", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["run"], "tables", "stereo.json")));
        Assert.True(File.Exists(Path.Combine(_folder["run"], "stereo", "a.TDV.png")));
    }

    private static OpenCvSharp.Mat Noise(int width)
    {
        var noise = new OpenCvSharp.Mat(ToyData.Height, width, OpenCvSharp.MatType.CV_8UC3);
        byte[] bytes = new byte[ToyData.Height * width * 3];
        new Random(1).NextBytes(bytes);
        Marshal.Copy(bytes, 0, noise.Data, bytes.Length);
        return noise;
    }

    [Fact]
    public void Pictures_of_two_sizes_are_named()
    {
        using (var small = new OpenCvSharp.Mat(8, 9, OpenCvSharp.MatType.CV_8UC3))
        {
            OpenCvSharp.Cv2.ImWrite(_folder["small.png"], small);
        }

        string[] command =
        [
            "flow",
            "--model",
            _weights,
            "--from",
            Frame(0),
            "--to",
            _folder["small.png"],
            "--out",
            "x",
        ];
        Assert.Equal(CommandLine.Failure, CommandLine.Run(command));
        Assert.Equal(
            $"error: '{Frame(0)}' is 64 × 48 pixels, '{_folder["small.png"]}' 9 × 8. Pictures that are compared must be of "
                + "one size.",
            _captured.ToString().Trim()
        );
    }

    [Fact]
    public void Pictures_or_a_video_are_needed()
    {
        Assert.Equal(CommandLine.WrongUsage, CommandLine.Run(["flow", "--model", "m", "--from", "a", "--out", "x"]));
        Assert.Contains("Give either --from and --to, or --video.", _captured.ToString(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        Console.SetError(_error);
        Console.SetOut(_out);
        _toys.Dispose();
        _folder.Dispose();
    }
}
