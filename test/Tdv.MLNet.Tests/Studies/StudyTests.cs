using System.Text.Json.Nodes;
using Tdv.MLNet.Model;
using Tdv.Samples.Demo;
using Tdv.Studies;
using Tdv.Tool.Commands;
using Tdv.Tool.Output;
using Tdv.Tool.Probing;
using Xunit;

namespace Tdv.MLNet.Tests.Studies;

[Collection("console")]
public sealed class StudyTests : IDisposable
{
    private static readonly DemoOptions Film = new()
    {
        TrainClips = 2,
        TestClips = 1,
        LabeledClips = 2,
        TrainFramesPerClip = 2,
        TestFramesPerClip = 2,
        Seconds = 1,
        Size = 64,
    };

    private static readonly NetworkOptions Network = new()
    {
        ImageSize = 48,
        PatchSize = 8,
        Dimension = 24,
        Heads = 2,
        Depth = 3,
        MotionDepth = 1,
        Prototypes = 16,
        HeadHidden = 32,
        HeadBottleneck = 8,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly StringWriter _captured = new();

    public StudyTests()
    {
        Console.SetOut(_captured);
        Console.SetError(_captured);
    }

    public void Dispose()
    {
        Console.SetOut(_output);
        Console.SetError(_error);
        _folder.Dispose();
    }

    [Fact]
    public void Probe_compares_features_and_predicts_videos()
    {
        var data = Data();
        string[] weights = [Weights(0), Weights(1)];

        Assert.Equal(0, Run(["probe", "--weights", .. weights, .. Lists(data), "--videos", data.TrainVideos]));

        var probe = Table("probe");
        Assert.Equal(
            [
                "untrained network, frame",
                "untrained network, frame and motion",
                "untrained network, and color",
                "color and position, no network",
                "TDV, frame without motion",
                "TDV, motion alone",
                "TDV, frame and motion",
                "TDV, and color",
            ],
            FirstCells(probe)
        );
        // One seed for each file of weights.
        Assert.All(probe["rows"]!.AsArray(), row => Assert.Contains(" ± ", (string)row![1]!, StringComparison.Ordinal));
        // The weights are untrained ones of the same seeds.
        Assert.Equal((string)probe["rows"]![0]![4]!, (string)probe["rows"]![4]![4]!);
        Assert.Equal(["Background", "Disc", "Square", "Triangle"], FirstCells(Table("probe-classes")));
        Assert.Equal(["untrained network", "TDV"], FirstCells(Table("videos")));
        var confusion = JsonNode.Parse(File.ReadAllText(_folder["run/confusion/probe.json"]))!;
        Assert.Equal(
            2 * Film.Size * Film.Size,
            confusion["counts"]!.AsArray().Sum(row => row!.AsArray().Sum(n => (long)n!))
        );
    }

    [Fact]
    public void Labels_are_drawn_by_fraction_and_what_is_done_is_kept()
    {
        string[] arguments =
        [
            "labels",
            "--weights",
            Weights(0),
            .. Lists(Data()),
            "--labels",
            "0.5",
            "1",
            "--seeds",
            "2",
            "--layers",
            "3",
            "--resolution",
            "16",
            "32",
        ];

        Assert.Equal(0, Run(arguments));

        var table = Table("labels");
        Assert.Equal(["features", "50 % (2)", "100 % (4)"], table["columns"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(
            [
                "TDV",
                "TDV, and color",
                "untrained network",
                "untrained network, and color",
                "color and position, no network",
            ],
            FirstCells(table)
        );
        Assert.Equal(20, Directory.GetFiles(_folder["run/parts"]).Length);
        string kept = _folder["run/parts/labels-tdv-0.5-seed1.json"];
        File.WriteAllText(kept, File.ReadAllText(kept).Replace("\"mIoU\": 0", "\"mIoU\": 9", StringComparison.Ordinal));
        Assert.Equal(0, Run(arguments));
        Assert.NotEqual((string)table["rows"]![0]![1]!, (string)Table("labels")["rows"]![0]![1]!);
    }

    [Fact]
    public void Ablation_trains_every_row_and_goes_on_after_a_stop()
    {
        StopAndGoOn(settings => new AblationStudy(settings).Run);

        var table = Table("ablation");
        Assert.Equal(Ablation.All.Select(row => row.Title), FirstCells(table));
        var copies = table["rows"]![1]!;
        Assert.Equal((0, 0, "–"), ((double)copies[1]!, (double)copies[2]!, (string)copies[6]!));
        Assert.All(table["rows"]!.AsArray(), row => Assert.InRange((double)row![5]!, 1, 100));
    }

    [Fact]
    public void Biases_are_compared_and_go_on_after_a_stop()
    {
        StopAndGoOn(settings => new BiasStudy(settings).Run);

        var table = Table("bias");
        Assert.Equal(Bias.All.Select(row => row.Title), FirstCells(table));
        var rows = table["rows"]!.AsArray();
        // Only DINO has a teacher that knows frames by their CLS vectors.
        Assert.Equal(["–", "–"], new[] { rows[0]![4]!, rows[^1]![4]! }.Select(cell => (string)cell!));
        Assert.All(rows.Skip(1).SkipLast(1), row => Assert.InRange((double)row![4]!, 0, 1));
        Assert.All(rows, row => Assert.InRange((double)row![6]!, 1, 100));
        Assert.Equal("–", (string)rows[^1]![8]!);
        Assert.Equal(0, CommandLine.Run(["report", _folder["run"]]));
        Assert.Contains(
            Bias.All[^2].Title,
            File.ReadAllText(Directory.GetFiles(_folder["run"], "*.html").Single()),
            StringComparison.Ordinal
        );
    }

    private void StopAndGoOn(Func<StudySettings, Action<CancellationToken>> study)
    {
        var settings = new StudySettings
        {
            Out = _folder["run"],
            Steps = 1,
            Size = 16,
            Seeds = 1,
            Film = Film,
        };
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => study(settings)(stop.Token));
        Assert.False(Directory.Exists(_folder["run/parts"]));
        study(settings)(TestContext.Current.CancellationToken);
        // Everything is there: a token that stops any work does not stop this.
        study(settings)(stop.Token);
    }

    [Fact]
    public void Weights_of_different_architectures_are_refused()
    {
        string other = _folder["other.safetensors"];
        using (var model = TdvModel.Create(Network with { Depth = 4 }, seed: 0))
        {
            model.Save(other);
        }

        var error = Assert.Throws<UserException>(() => new Networks([Weights(0), other]));

        Assert.Equal("The --weights are of different architectures. Give those of one at a time.", error.Message);
    }

    [Theory]
    [InlineData("", "Required command was not provided.")]
    [InlineData("ablation --out x --train y", "Give --train, --test and --classes together, or none of them.")]
    [InlineData("bias --out x --rate 2", "--rate is 2; it must be above 0 and below 1.")]
    [InlineData("bias --out x --test y", "Give --train, --test and --classes together, or none of them.")]
    [InlineData(
        "labels --weights w --train a --test b --classes c --out d --labels 2",
        "--labels is 2; it must be above 0 and at most 1."
    )]
    public void Wrong_usage_is_told(string arguments, string expected)
    {
        Assert.Equal(
            CommandLine.WrongUsage,
            StudyCommand.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        );
        Assert.Contains(expected, _captured.ToString(), StringComparison.Ordinal);
    }

    private static string[] FirstCells(JsonNode table) => [.. table["rows"]!.AsArray().Select(row => (string)row![0]!)];

    private int Run(string[] arguments)
    {
        string[] all = [.. arguments, "--out", _folder["run"]];
        int code = arguments[0] == "probe" ? CommandLine.Run(all) : StudyCommand.Run(all);
        Assert.True(code == 0, _captured.ToString());
        return code;
    }

    private JsonNode Table(string name) => JsonNode.Parse(File.ReadAllText(_folder[$"run/tables/{name}.json"]))!;

    private DemoData Data()
    {
        var data = new DemoData(Film, _folder["data"]);
        data.Write();
        return data;
    }

    private static string[] Lists(DemoData data) =>
        ["--train", data.TrainList, "--test", data.TestList, "--classes", data.Classes];

    private string Weights(int seed)
    {
        string path = _folder[$"{seed}.safetensors"];
        using var model = TdvModel.Create(Network, seed);
        model.Save(path);
        return path;
    }
}
