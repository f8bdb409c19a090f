using System.Diagnostics;
using System.Text.Json.Nodes;
using Tdv.MLNet.Tests.Video;
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
        PaintTheOthers(model, frame, folder);
        KeepTimes(model, folder);
        TwoOfOneName(model, data, folder);
    }

    /// <summary>A damaged picture is named, the others are painted, and the exit code tells of it.</summary>
    private static void PaintTheOthers(string model, string frame, TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder["pictures"]);
        File.Copy(frame, folder["pictures/1.png"]);
        File.WriteAllText(folder["pictures/2.jpg"], "none");
        File.Copy(frame, folder["pictures/10.png"]);

        int code = CommandLine.Run([
            "predict",
            "--model",
            model,
            "--input",
            folder["pictures"],
            "--out",
            folder["others"],
        ]);

        Assert.Equal(CommandLine.Failure, code);
        Assert.Equal(
            ["1.mask.png", "1.overlay.png", "10.mask.png", "10.overlay.png"],
            Directory.GetFiles(folder["others"]).Select(Path.GetFileName).Order()
        );
        var error = Assert.Throws<UserException>(() =>
            new Predictor(model, folder["pictures"], folder["others"]).Run(TestContext.Current.CancellationToken)
        );
        Assert.StartsWith(
            $"1 of 3 pictures could not be read:\n- The picture '{folder["pictures/2.jpg"]}' cannot be read",
            error.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>A pause of a second stays one, though the encoder knows one rate.</summary>
    private static void KeepTimes(string model, TemporaryFolder folder)
    {
        TimedVideo.Write(folder["pause.mkv"], [0, 0.1, 0.2, 1.2, 1.3]);

        new Predictor(model, folder["pause.mkv"], folder["pause"]).Run(TestContext.Current.CancellationToken);

        using var painted = new OpenCvSharp.VideoCapture(folder["pause/pause.overlay.mp4"]);
        Assert.Equal(14, painted.FrameCount);
        Assert.Equal(10, painted.Fps, 0.01);
    }

    private static void TwoOfOneName(string model, DemoData data, TemporaryFolder folder)
    {
        var image = LabeledList.Read(data.TestList).Images[0];
        foreach (string name in new[] { "bear", "camel" })
        {
            Directory.CreateDirectory(folder[name]);
            File.Copy(image.Path, folder[$"{name}/00000.png"]);
        }
        string list = folder.Write(
            "two.txt",
            $"bear/00000.png {image.MaskPath} {image.PreviousPath}",
            $"camel/00000.png {image.MaskPath} {image.PreviousPath}"
        );

        new global::Tdv.Tool.Pipeline.Evaluation(model, list, data.Classes, folder["two"]).Run();

        Assert.Equal(
            ["bear_00000.png", "camel_00000.png"],
            Directory.GetFiles(folder["two/overlays"]).Select(Path.GetFileName).Order()
        );
    }

    private static void StopEarly(string model, string video, string output)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        Assert.Throws<OperationCanceledException>(() => new Predictor(model, video, output).Run(stop.Token));

        Assert.Empty(Directory.GetFiles(output));
    }
}
