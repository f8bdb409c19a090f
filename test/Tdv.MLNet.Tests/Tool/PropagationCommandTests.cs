using OpenCvSharp;
using Tdv.MLNet.Masks;
using Tdv.Tool.Commands;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class PropagationCommandTests : IDisposable
{
    private const int Frames = 6;
    private readonly TemporaryFolder _folder = new();
    private readonly ToyData _data = new(Frames);
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _errors = new();
    private readonly StringWriter _lines = new();

    public PropagationCommandTests()
    {
        Console.SetError(_errors);
        Console.SetOut(_lines);
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        model.Save(_folder["w.safetensors"]);
    }

    public void Dispose()
    {
        Console.SetError(_error);
        Console.SetOut(_out);
        _data.Dispose();
        _folder.Dispose();
    }

    /// <summary>One labeled frame in, a list that 'segment' takes out.</summary>
    [Fact]
    public void A_mask_becomes_a_list_to_train_on()
    {
        int code = Propagate($"--mask {Mask(0)} --classes {_data.ClassFile} --size 48x64");

        Assert.True(code == CommandLine.Success, _errors.ToString());
        var list = LabeledList.Read(_folder["out/list.txt"]);
        Assert.Equal(Frames, list.Images.Count);
        Assert.True(list.HasPredecessors);
        // A quarter of a second earlier is before the first frame.
        Assert.All(list.Images, image => Assert.Equal(list.Images[0].Path, image.PreviousPath));
        Assert.Equal(MaskClass.ReadFile(_data.ClassFile), MaskClass.ReadFile(_folder["out/classes.txt"]));
        Assert.Equal(MaskFile.Read(Mask(0)).Pixels, MaskFile.Read(_folder["out/masks/000000.png"]).Pixels);
        Assert.Equal((ToyData.Width, ToyData.Height), Size(_folder["out/masks/000005.png"]));
        using var video = new VideoCapture(_folder["out/overlay.mp4"]);
        Assert.Equal(Frames, (int)video.Get(VideoCaptureProperties.FrameCount));
        Assert.Contains("6 masks in ", _lines.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_are_left_out_before_the_first_mask_and_between()
    {
        int code = Propagate($"--mask {Mask(2)} --mask-at 2 --every 2");

        Assert.True(code == CommandLine.Success, _errors.ToString());
        Assert.Equal(
            [
                "frames/000002.png masks/000002.png frames/000002.png",
                "frames/000004.png masks/000004.png frames/000002.png",
            ],
            File.ReadAllLines(_folder["out/list.txt"])
        );
        Assert.Equal(["0 background 40 40 40", "1 object1", "9 object9"], Names(_folder["out/classes.txt"]));
        Assert.Contains("1 frame(s) before the first mask", _lines.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_with_masks_is_told_before_any_work()
    {
        Save("small.png", 10, 8);
        string classes = _folder.Write("classes.txt", "0 Ground 0 0 0", "9 Border 1 1 1");

        int code = Propagate(
            $"--mask {Mask(0)} {_folder["small.png"]} {_folder["no.png"]} --mask-at 0 3 0 --every 2 --classes {classes}"
        );

        Assert.Equal(CommandLine.Failure, code);
        Assert.Equal(
            $"""
            error: The masks cannot be carried:
            - --mask-at 3: frames that are taken are 0, 2, 4 and so on.
            - --mask-at 0 is given 2 times.
            - the mask '{_folder[
                "small.png"
            ]}' is 10×8 pixels, the video's frames are 64×48. A mask must have its frame's size.
            - The mask '{_folder["no.png"]}' does not exist.
            - the masks hold the ids 1, which '{classes}' does not name. Known are 0, 9.
            """.ReplaceLineEndings(
                "\n"
            ),
            _errors.ToString().TrimEnd().ReplaceLineEndings("\n")
        );
    }

    [Theory]
    [InlineData("--size 48", "--size is '48'; HEIGHTxWIDTH in pixels is expected, such as 224x400.")]
    [InlineData(
        "--size 50x64",
        "--size is 50x64; both must be multiples of the network's patches of 8 pixels, such as 48x64."
    )]
    [InlineData("--mask-at 0 1", "--mask names 1 file(s), --mask-at 2 frame(s); give a frame, from 0, for each mask.")]
    [InlineData("--input no.mp4", "no.mp4")]
    public void Wrong_options_are_told(string options, string expected)
    {
        int code = Propagate($"--mask {Mask(0)} {options}");

        Assert.NotEqual(CommandLine.Success, code);
        Assert.Contains(expected, _errors.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The table holds the network, an untrained one, raw pixels, and the first mask standing still.</summary>
    [Fact]
    public void Davis_is_evaluated_beside_baselines()
    {
        Davis();
        int code = Run(
            $"evaluate propagation --data {_folder["davis"]} --weights {_folder["w.safetensors"]} --out {_folder["run"]} "
                + "--size 48x64 --protocol lab"
        );

        Assert.True(code == CommandLine.Success, _errors.ToString());
        string table = File.ReadAllText(_folder["run/tables/propagation.json"]);
        Assert.All(
            (string[])["raw pixels", "first mask, standing still", "untrained network", "TDV"],
            name => Assert.Contains($"\"{name}\"", table, StringComparison.Ordinal)
        );
        Assert.Contains(
            "\"toy\"",
            File.ReadAllText(_folder["run/tables/propagation-sequences.json"]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_missing_of_davis_is_told()
    {
        Davis();
        File.Delete(_folder["davis/Annotations/toy/0003.png"]);
        string rest = $"--data {_folder["davis"]} --weights {_folder["w.safetensors"]} --out {_folder["run"]}";

        Assert.Equal(CommandLine.Failure, Run($"evaluate propagation {rest} --sequences toy dog"));
        Assert.Equal(CommandLine.Failure, Run($"evaluate propagation {rest} --first 2"));

        Assert.Equal(
            $"""
            error: DAVIS cannot be read from '{_folder["davis"]}':
            - '{_folder["davis/Annotations/toy/0003.png"]}' does not exist.
            - there is no sequence 'dog' in '{_folder["davis/JPEGImages"]}'; there are toy.
            error: DAVIS cannot be read from '{_folder["davis"]}':
            - 'toy' has 2 frames; at least 3 are needed: the ends do not count.
            """.ReplaceLineEndings("\n"),
            _errors.ToString().TrimEnd().ReplaceLineEndings("\n")
        );
    }

    private static (int Width, int Height) Size(string mask)
    {
        var picture = MaskFile.Read(mask);
        return (picture.Width, picture.Height);
    }

    private static IEnumerable<string> Names(string classes) =>
        File.ReadLines(classes).Select((line, i) => i == 0 ? line : string.Join(' ', line.Split(' ').Take(2)));

    private string Mask(int frame) => Path.Combine(_data.MaskFolder, ToyData.Name(frame));

    private void Save(string name, int width, int height)
    {
        using var picture = new Mat(height, width, MatType.CV_8UC1, Scalar.Black);
        Cv2.ImWrite(_folder[name], picture);
    }

    private void Davis()
    {
        Directory.CreateDirectory(_folder["davis/JPEGImages/toy"]);
        Directory.CreateDirectory(_folder["davis/Annotations/toy"]);
        for (int i = 0; i < Frames; i++)
        {
            string name = Path.GetFileNameWithoutExtension(ToyData.Name(i));
            using var frame = Cv2.ImRead(Path.Combine(_data.FrameFolder, ToyData.Name(i)));
            Cv2.ImWrite(_folder[$"davis/JPEGImages/toy/{name}.jpg"], frame);
            File.Copy(Mask(i), _folder[$"davis/Annotations/toy/{name}.png"]);
        }
    }

    private int Propagate(string options) =>
        Run(
            (options.Contains("--input", StringComparison.Ordinal) ? "" : $"--input {_data.FrameFolder} ")
                + $"--model {_folder["w.safetensors"]} --out {_folder["out"]} {options}",
            "propagate"
        );

    private static int Run(string arguments, params string[] verb) =>
        CommandLine.Run([.. verb, .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
}
