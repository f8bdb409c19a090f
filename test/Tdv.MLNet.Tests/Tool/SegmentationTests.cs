using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Tdv.MLNet.Foundation;
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
        using (var segmentation = new Segmentation(settings))
        {
            segmentation.Run(Stopwatch.StartNew(), TestContext.Current.CancellationToken);
        }

        var metrics = JsonNode.Parse(File.ReadAllText(folder["out/metrics.json"]))!.AsObject();
        Assert.Equal(
            ["model", "tdv", "untrained", "color", "withoutMotion", "seconds"],
            metrics.Select(pair => pair.Key)
        );
        Assert.InRange((double)metrics["tdv"]!["mIoU"]!, 0.01, 1);
        Assert.Equal(2, Directory.GetFiles(folder["out/overlays"], "*.png").Length);
        NamedByTheModel(folder["out"]);
        Reported(folder["out"]);
        Refuse(settings, data);
        Predict(folder, data);
    }

    /// <summary>Every result tells of which model it is.</summary>
    private static void NamedByTheModel(string run)
    {
        string hash = Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(run, "model.zip"))));
        using var own = OwnFolder.Join(run);

        Assert.Equal(hash, (string?)Json("metrics.json")["model"]);
        Assert.Equal(hash, (string?)Json("evaluation.json")["model"]);
        Assert.Equal(hash, (string?)Json("confusion/evaluation.json")["model"]);
        Assert.Equal([hash], Json("tables/segment.json")["models"]!.AsArray().Select(node => (string?)node));
        Assert.Equal(2, own.Files.Count(file => file.Name.StartsWith("overlays/") && file.Model == hash));

        JsonNode Json(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(run, name)))!;
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
        using (var other = new Segmentation(settings with { Steps = 2 }))
        {
            var options = Assert.Throws<ArgumentException>(() =>
                other.Run(Stopwatch.StartNew(), TestContext.Current.CancellationToken)
            );
            Assert.Contains("- Steps was 1; now it is 2.", options.Message, StringComparison.Ordinal);
        }

        var weights = settings with { Videos = null, Weights = new RunFolder(settings.Out).Weights };
        using var first = new Segmentation(weights);
        var second = Assert.Throws<UserException>(() => new Segmentation(weights));
        Assert.Equal(
            $"Another command writes to '{settings.Out}' now. Wait for its end, or choose another folder with --out.",
            second.Message
        );

        Assert.Contains("learned from other videos", videos.Message, StringComparison.Ordinal);
    }

    private static void Predict(TemporaryFolder folder, DemoData data)
    {
        string model = folder["out/model.zip"];
        string frame = LabeledList.Read(data.TestList).Images[0].Path;
        string video = Directory.GetFiles(data.TrainVideos)[0];
        string name = Path.GetFileNameWithoutExtension(frame);

        Paint(model, frame, folder["one"]);
        Paint(model, Path.GetDirectoryName(frame)!, folder["all"]);
        Paint(model, video, folder["video"]);
        NothingOfOthers(model, frame, folder);

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

    private static void Paint(string model, string input, string output)
    {
        using var predictor = new Predictor(model, input, output);
        predictor.Run(TestContext.Current.CancellationToken);
    }

    /// <summary>Masks that a person made or corrected are not painted over; those of another model do not stay among new ones.</summary>
    private static void NothingOfOthers(string model, string frame, TemporaryFolder folder)
    {
        string name = $"{Path.GetFileNameWithoutExtension(frame)}.mask.png";
        string mine = folder[$"mine/{name}"];
        Directory.CreateDirectory(folder["mine"]);
        File.WriteAllText(mine, "drawn by hand");

        var drawn = Assert.Throws<UserException>(() => Paint(model, frame, folder["mine"]));
        Paint(model, frame, folder["again"]);
        Paint(model, frame, folder["again"]);
        File.AppendAllText(folder[$"again/{name}"], "corrected by hand");
        var corrected = Assert.Throws<UserException>(() => Paint(model, frame, folder["again"]));

        Assert.Equal(
            $"""
            '{folder[
                "mine"
            ]}' holds files that would be written over, but that no command wrote there, or that were changed since. Move them, or choose another folder with --out:
            - {name}
            """,
            drawn.Message,
            ignoreLineEndingDifferences: true
        );
        Assert.Equal("drawn by hand", File.ReadAllText(mine));
        Assert.Contains($"- {name}", corrected.Message, StringComparison.Ordinal);
        Assert.EndsWith("corrected by hand", File.ReadAllText(folder[$"again/{name}"]), StringComparison.Ordinal);

        using (var other = OutputFolder.Open(folder["two models"]))
        {
            other.Write("left.mask.png", stream => stream.Write("of another"u8), "AB12");
            other.Write("notes.txt", stream => stream.Write("of none"u8));
        }

        Paint(model, frame, folder["two models"]);

        Assert.False(File.Exists(folder["two models/left.mask.png"]));
        Assert.True(File.Exists(folder["two models/notes.txt"]));
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
        var error = Assert.Throws<UserException>(() => Paint(model, folder["pictures"], folder["others"]));
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

        Paint(model, folder["pause.mkv"], folder["pause"]);

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

        using var evaluation = new global::Tdv.Tool.Pipeline.Evaluation(model, list, data.Classes, folder["two"]);
        evaluation.Run();

        Assert.Equal(
            ["bear_00000.png", "camel_00000.png"],
            Directory.GetFiles(folder["two/overlays"]).Select(Path.GetFileName).Order()
        );
    }

    private static void StopEarly(string model, string video, string output)
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();

        using var predictor = new Predictor(model, video, output);
        Assert.Throws<OperationCanceledException>(() => predictor.Run(stop.Token));

        Assert.Empty(Directory.GetFiles(output));
    }
}
