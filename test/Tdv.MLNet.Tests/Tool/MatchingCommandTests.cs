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
        using (var noise = new OpenCvSharp.Mat(ToyData.Height, ToyData.Width, OpenCvSharp.MatType.CV_8UC3))
        {
            byte[] bytes = new byte[ToyData.Height * ToyData.Width * 3];
            new Random(1).NextBytes(bytes);
            Marshal.Copy(bytes, 0, noise.Data, bytes.Length);
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
        foreach (string method in new[] { "standing still", "Farnebäck", "raw pixels" })
        {
            Assert.Contains($"{method}: EPE=0.0", text, StringComparison.Ordinal);
        }

        Assert.Contains("untrained network: EPE=", text, StringComparison.Ordinal);
        Assert.Contains("TDV: EPE=", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["run"], "tables", "flow.json")));
        Assert.True(File.Exists(Path.Combine(_folder["run"], "flow", "a.TDV.png")));
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
