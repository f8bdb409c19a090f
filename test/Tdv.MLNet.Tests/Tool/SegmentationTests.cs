using System.Diagnostics;
using System.Text.Json.Nodes;
using Tdv.Samples.Demo;
using Tdv.Tool.Commands;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class SegmentationTests
{
    private static readonly DemoOptions Small = new()
    {
        TrainClips = 2,
        TestClips = 1,
        LabeledClips = 4,
        TrainFramesPerClip = 2,
        TestFramesPerClip = 2,
        Seconds = 1,
        Size = 96,
    };

    [Fact]
    public void From_videos_to_a_model_that_paints_in_another_process()
    {
        using var folder = new TemporaryFolder();
        var data = new DemoData(Small, folder["data"]);
        data.Write();

        var settings = new SegmentSettings
        {
            Videos = data.TrainVideos,
            Train = data.TrainList,
            Test = data.TestList,
            Classes = data.Classes,
            Out = folder["out"],
            Steps = 1,
            Trainer = Trainers.Sdca,
            LongerSides = [48, 96],
            Color = true,
        };
        new Segmentation(settings).Run(Stopwatch.StartNew(), TestContext.Current.CancellationToken);

        var metrics = JsonNode.Parse(File.ReadAllText(folder["out/metrics.json"]))!.AsObject();
        Assert.Equal(["tdv", "untrained", "color", "withoutMotion", "seconds"], metrics.Select(pair => pair.Key));
        Assert.InRange((double)metrics["tdv"]!["mIoU"]!, 0.01, 1);
        Assert.Equal(2, Directory.GetFiles(folder["out/overlays"], "*.png").Length);
        Reported(folder["out"]);
        Refuse(settings, data);
        Predict(folder, data);
    }

    /// <summary>One command shows all that is there: nothing is said to be missing.</summary>
    private static void Reported(string run)
    {
        string path = Path.Combine(run, "report.html");

        Assert.Equal(CommandLine.Success, CommandLine.Run(["report", run]));

        string page = File.ReadAllText(path);
        Assert.DoesNotContain("class=\"missing\"><", page, StringComparison.Ordinal);
        Assert.Contains("<section id=\"masks\">", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">TDV without motion, and color</th>", page, StringComparison.Ordinal);
        Assert.Contains("What was taken for what in 2 test images", page, StringComparison.Ordinal);
        Assert.Contains($"learned from &#39;{Path.GetDirectoryName(run)}", page, StringComparison.Ordinal);
        Assert.True(page.Length < 2_000_000, $"{page.Length}");
    }

    /// <summary>The folder is that of one training: others are refused before any work, weights of others are not.</summary>
    private static void Refuse(SegmentSettings settings, DemoData data)
    {
        string others = data.TrainVideos.Replace("train", "test", StringComparison.Ordinal);
        var videos = Assert.Throws<UserException>(() => new Segmentation(settings with { Videos = others }));
        var options = Assert.Throws<ArgumentException>(() =>
            new Segmentation(settings with { Steps = 2 }).Run(
                Stopwatch.StartNew(),
                TestContext.Current.CancellationToken
            )
        );
        _ = new Segmentation(settings with { Videos = null, Weights = new RunFolder(settings.Out).Weights });

        Assert.Contains("learned from other videos", videos.Message, StringComparison.Ordinal);
        Assert.Contains("- Steps was 1; now it is 2.", options.Message, StringComparison.Ordinal);
    }

    private static void Predict(TemporaryFolder folder, DemoData data)
    {
        string model = folder["out/model.zip"];
        string frame = LabeledList.Read(data.TestList).Images[0].Path;
        string video = Directory.GetFiles(data.TrainVideos)[0];
        string name = Path.GetFileNameWithoutExtension(frame);

        new Predictor(model, frame, folder["one"]).Run(TestContext.Current.CancellationToken);
        new Predictor(model, Path.GetDirectoryName(frame)!, folder["all"]).Run(TestContext.Current.CancellationToken);
        new Predictor(model, video, folder["video"]).Run(TestContext.Current.CancellationToken);

        int code = CommandLine.Run([
            "predict",
            "--model",
            model,
            "--input",
            frame,
            "--out",
            folder["edges"],
            "--stride",
            "4",
            "--follow-edges",
        ]);

        Assert.Equal(CommandLine.Success, code);
        Assert.NotEqual(
            File.ReadAllBytes(folder[$"one/{name}.mask.png"]),
            File.ReadAllBytes(folder[$"edges/{name}.mask.png"])
        );
        Assert.True(File.Exists(folder[$"one/{name}.overlay.png"]));
        Assert.Equal(8, Directory.GetFiles(folder["all"]).Length);
        using var painted = new OpenCvSharp.VideoCapture(Assert.Single(Directory.GetFiles(folder["video"])));
        Assert.Equal(Small.FramesPerClip, painted.FrameCount);
        Assert.Equal(Small.FramesPerSecond, painted.Fps, 0.01);
        StopEarly(model, video, folder["stopped"]);
    }

    private static void StopEarly(string model, string video, string output)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => new Predictor(model, video, output).Run(stop.Token));

        Assert.Empty(Directory.GetFiles(output));
    }
}
