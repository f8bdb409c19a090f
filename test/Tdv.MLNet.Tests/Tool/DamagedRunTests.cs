using System.Text.Json.Nodes;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Reporting;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>Files of a run that were cut short or changed: left out, or refused in words, but never a surprise.</summary>
[Collection("console")]
public sealed class DamagedRunTests : IDisposable
{
    /// <summary>What each value is replaced with in turn.</summary>
    private static readonly string[] Wrong =
    [
        "null",
        "true",
        "-1",
        "1e308",
        "-9223372036854775808",
        "\"\"",
        "\"-10675199.02:48:05.4775808\"",
        "\"\\ud800\"",
        "[]",
        "[null]",
        "[[1]]",
        "{}",
        "{\"a\":1,\"a\":2}",
    ];

    private const string Step =
        """{"step":1,"steps":9,"loss":9,"meanSquaredError":1,"clsLoss":1,"patchLoss":1,"predictionGain":0.5,"learningRate":1E-3,"gradientNorm":1,"pairsPerSecond":10,"elapsed":"00:00:01","remaining":"00:00:09","pass":0,"waiting":"00:00:00","health":{"step":1,"deviation":0.8,"effectiveRank":4,"teacherEntropy":0.9}}""";

    private readonly TemporaryFolder _folder = new();

    private readonly TextWriter _error = Console.Error;

    public DamagedRunTests() => Console.SetError(TextWriter.Null);

    public void Dispose()
    {
        Console.SetError(_error);
        _folder.Dispose();
    }

    public static TheoryData<string, string> Files =>
        new()
        {
            {
                "run.json",
                """{"starts":[{"time":"2026-01-01","command":["tdv"],"folder":"/","processors":2,"videos":[{"path":"a.mp4","bytes":1,"modified":"2026-01-01T00:00:00Z"}]}]}"""
            },
            {
                "checkpoints/options.json",
                """{"Options":{"Preset":"Tiny"},"Recipe":{"Steps":"1"},"Machine":{"Device":"cpu"}}"""
            },
            { "metrics.jsonl", Step },
            {
                "tables/t.json",
                """{"title":"t","note":"n","command":"c","columns":["a","mIoU"],"rows":[["x",1],["y",2]]}"""
            },
            { "confusion/c.json", """{"title":"t","classes":["a","b"],"counts":[[1,2],[3,4]]}""" },
            { "overlays/o.png", "no picture" },
        };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_report_leaves_out_or_refuses(string name, string text)
    {
        foreach (string damaged in Damaged(text))
        {
            Write(name, name == "metrics.jsonl" ? Among(damaged) : damaged);

            OnlyInWords(() => new RunReport(_folder.FullName, video: null).Write(_folder["page.html"]), damaged);
        }
    }

    [Fact]
    public void The_start_of_a_training_is_noted_whatever_is_there()
    {
        using var toys = new ToyData(frames: 2);
        var run = new RunFolder(_folder.FullName);
        using var output = OutputFolder.Open(_folder.FullName);
        output.Claim("run.json");
        foreach (string damaged in Damaged((string)Files.First().Data.Item2))
        {
            Write("run.json", damaged);

            string[] before = Directory.GetFiles(_folder.FullName, "run.json.damaged*");
            bool isWhole = new RunHistory(_folder["run.json"]).Read().IsWhole;
            run.NoteStart(output, HeldOutVideos.Of(toys.FrameFolder, HeldOutVideos.None));

            Assert.Equal(toys.FrameFolder, run.Starts()[^1].Videos.Single().Path);
            string[] kept = Directory.GetFiles(_folder.FullName, "run.json.damaged*");
            Assert.Equal(before.Length + (isWhole ? 0 : 1), kept.Length);
            if (!isWhole)
            {
                Assert.Equal(damaged, File.ReadAllText(kept.Except(before).Single()));
            }
        }
    }

    [Fact]
    public void Figures_of_an_evaluation_are_refused()
    {
        foreach (string damaged in Damaged("""{"mIoU":0.5,"mAcc":0.5,"pixelAcc":0.5,"classIoU":{"a":0.5,"b":null}}"""))
        {
            Write("evaluation.json", damaged);

            OnlyInWords(() => FiguresFile.Read(_folder["evaluation.json"]), damaged);
        }

        File.Delete(_folder["evaluation.json"]);
        Assert.Throws<UserException>(() => FiguresFile.Read(_folder["evaluation.json"]));
    }

    [Fact]
    public void Steps_are_kept_whatever_lies_between_them()
    {
        foreach (string damaged in Damaged(Step))
        {
            Write("metrics.jsonl", Among(damaged));

            var steps = MetricsFile.Read(_folder["metrics.jsonl"]);

            Assert.Equal([1, 2, 3], steps.Select(step => step.Step).Where(step => step is 1 or 2 or 3));
            Assert.Equal(steps.Select(step => step.Step).Order().Distinct(), steps.Select(step => step.Step));
        }
    }

    /// <summary>A line between good ones, of a step of its own unless that was changed.</summary>
    private static string Among(string line) =>
        string.Join(
            '\n',
            Step,
            At(2),
            line.Replace("\"step\":1,\"steps\"", "\"step\":4,\"steps\"", StringComparison.Ordinal),
            At(3)
        );

    private static string At(int step) => Step.Replace("\"step\":1", $"\"step\":{step}", StringComparison.Ordinal);

    /// <summary>Each beginning of the text; where it is JSON, it with each value replaced by each wrong one.</summary>
    private static IEnumerable<string> Damaged(string text)
    {
        foreach (int length in Enumerable.Range(0, text.Length))
        {
            yield return text[..length];
        }

        if (text[0] != '{')
        {
            yield break;
        }

        int values = Values(JsonNode.Parse(text)!).Count();
        foreach (string wrong in Wrong)
        {
            yield return wrong;
            for (int i = 1; i < values; i++)
            {
                var root = JsonNode.Parse(text)!;
                Values(root).ElementAt(i).ReplaceWith("\u0001");
                yield return root.ToJsonString().Replace("\"\\u0001\"", wrong, StringComparison.Ordinal);
            }
        }
    }

    private static IEnumerable<JsonNode> Values(JsonNode root)
    {
        IEnumerable<JsonNode?> inside = root switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray elements => elements,
            _ => [],
        };
        return inside.OfType<JsonNode>().SelectMany(Values).Prepend(root);
    }

    private static void OnlyInWords(Action read, string text)
    {
        var exception = Record.Exception(read);
        Assert.True(exception is null or UserException, $"{text}\n{exception}");
    }

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllText(_folder[name], text);
    }
}
