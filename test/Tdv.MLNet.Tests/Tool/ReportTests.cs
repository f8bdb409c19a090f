using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tdv.MLNet.Pretraining;
using Tdv.Tool.Commands;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class ReportTests : IDisposable
{
    private const string Hostile = "<script>alert(1)</script> \" onload='x' & </style> ü";
    private const string Harmless =
        "&lt;script&gt;alert(1)&lt;/script&gt; &quot; onload=&#39;x&#39; &amp; &lt;/style&gt; &#252;";
    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _error = Console.Error;
    private readonly TextWriter _out = Console.Out;
    private readonly StringWriter _captured = new();

    public ReportTests()
    {
        Console.SetError(_captured);
        Console.SetOut(_captured);
    }

    public void Dispose()
    {
        Console.SetError(_error);
        Console.SetOut(_out);
        _folder.Dispose();
    }

    [Fact]
    public void What_users_wrote_stays_text()
    {
        WriteSteps(100);
        Write(
            "checkpoints/options.json",
            new JsonObject
            {
                ["Options"] = new JsonObject { ["Preset"] = Hostile, [Hostile] = "1" },
                ["Recipe"] = new JsonObject { ["Recipe"] = Hostile },
                ["Machine"] = new JsonObject { ["Device"] = Hostile },
            }
        );
        Write(
            "run.json",
            new JsonObject
            {
                ["starts"] = new JsonArray(
                    new JsonObject
                    {
                        ["time"] = Hostile,
                        ["command"] = new JsonArray("tdv", Hostile),
                        ["videos"] = new JsonArray(new JsonObject { ["path"] = Hostile }),
                    }
                ),
            }
        );
        WriteTable(
            "hostile",
            Hostile,
            [Hostile, "mIoU"],
            [
                [Hostile, 1],
                [Hostile, Hostile],
            ]
        );
        WriteConfusion(
            "hostile",
            Hostile,
            [Hostile, "b"],
            [
                [1, 2],
                [3, 4],
            ]
        );

        string page = Report();

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onload='", page, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(page, "</style>"));
        // Each of the places above at least once.
        Assert.True(Regex.Count(page, Regex.Escape(Harmless)) >= 14);
    }

    [Theory]
    [InlineData(
        new[] { 10.0, 41, 60, 70 },
        "it knows 70 bits a patch; an untrained network knows 40.",
        "It went on learning in the second half: 41 bits after 2 s, 70 after 4 s."
    )]
    [InlineData(
        new[] { 10.0, 45, 44, 43 },
        "it knows 45 bits a patch; an untrained network knows 40.",
        "The second half taught nothing more: 45 bits after 2 s, no more later."
    )]
    [InlineData(
        new[] { 10.0, 11, 12, 39 },
        "it knows 39 bits a patch, no more than an untrained network, 40.",
        "It went on learning in the second half: 11 bits after 2 s, 39 after 4 s."
    )]
    public void Videos_that_nothing_was_learned_from_prove_it(double[] bits, string proof, string growth)
    {
        WriteSteps(bits.Length, bits: bits);

        string page = Report();

        Assert.Contains(proof, page, StringComparison.Ordinal);
        Assert.Contains(growth, page, StringComparison.Ordinal);
        Assert.Contains("<h3>Known of unseen frames</h3>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_needs_nothing_from_elsewhere()
    {
        WriteSteps(100);

        string page = Report();

        Assert.Contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", page, StringComparison.Ordinal);
        Assert.Contains("name=\"viewport\"", page, StringComparison.Ordinal);
        Assert.StartsWith(
            "<!doctype html>\n<html lang=\"en\">",
            page.ReplaceLineEndings("\n"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_empty_folder_is_told_how_to_get_each_part()
    {
        Directory.CreateDirectory(_folder["run"]);

        string page = Report();

        Assert.Equal(4, Regex.Count(page, "class=\"missing\""));
        Assert.Contains("There are no weights yet", page, StringComparison.Ordinal);
        Assert.Contains("There are no steps yet", page, StringComparison.Ordinal);
        Assert.Contains("There are no tables.", page, StringComparison.Ordinal);
        Assert.Contains("The folder has no <code>checkpoints/options.json</code>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Curves_show_every_figure_and_the_summary_says_whether_it_learned()
    {
        WriteSteps(100);
        string good = Report();

        Assert.Equal(8, Regex.Count(good, "<svg "));
        Assert.Contains("aria-label=\"Loss: from 9 to 7.1\"", good, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(good, "<li class=\"good\">"));
        Assert.DoesNotContain("NaN", good, StringComparison.Ordinal);
        Assert.DoesNotContain(">-0<", good, StringComparison.Ordinal);

        WriteSteps(100, gain: -0.5, rank: 1.1, entropy: 0.9999);
        string bad = Report();

        Assert.Equal(3, Regex.Count(bad, "<li class=\"bad\">"));
        Assert.Contains("The features have collapsed", bad, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1.7, "bad", "effective rank over all patches 1.7, untrained 16.0; within a frame 1.7, untrained 10.0")]
    [InlineData(
        15,
        "good",
        "The features use as many dimensions as the untrained network’s, or at least three quarters of them."
    )]
    public void A_rank_is_judged_by_the_untrained_networks(double rank, string judgement, string expected)
    {
        WriteSteps(100, rank: rank, untrained: new FeatureSpread(16, 10, 1, 0.1, 0.2, 0.3, 0.4));

        string page = Report();

        Assert.Equal(10, Regex.Count(page, "<svg "));
        Assert.Matches($"<li class=\"{judgement}\"><b[^>]*>.</b><span>[^<]*{Regex.Escape(expected)}", page);
        Assert.Contains("untrained: 16", page, StringComparison.Ordinal);
        Assert.Contains("of 100; pass 1 over the data", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rank_that_nothing_is_known_to_compare_with_gets_no_tick()
    {
        WriteSteps(100, rank: 1.7);

        Assert.Equal(2, Regex.Count(Report(), "<li class=\"good\">"));
    }

    [Fact]
    public void Steps_cut_short_or_without_numbers_do_not_hinder()
    {
        WriteSteps(70);
        string file = Path.Combine(_folder["run"], "metrics.jsonl");
        File.AppendAllText(file, "{\"step\":71,\"lo");

        Assert.Equal(70, MetricsFile.Read(file).Count);
        Assert.Contains("<span class=\"value\">70</span>", Report(), StringComparison.Ordinal);

        WriteSteps(1);
        Assert.Contains("Too few steps for a curve.", Report(), StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_align_numbers_and_mark_the_best_where_they_know_which_end_is_good()
    {
        WriteTable(
            "b",
            "Second",
            ["features", "probe mIoU", "seconds", "MSE"],
            [
                ["untrained", 21.9, 3, 0.5],
                ["TDV", "26.1 ± 0.3", 4, 0.25],
                ["color", "–", 5, 0.123456789],
            ]
        );
        WriteTable(
            "a",
            "First",
            ["x"],
            [
                ["only text"],
            ]
        );

        string page = Report();

        Assert.True(page.IndexOf("First", StringComparison.Ordinal) < page.IndexOf("Second", StringComparison.Ordinal));
        Assert.Contains("<th scope=\"col\" class=\"number\">probe mIoU</th>", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">TDV</th>", page, StringComparison.Ordinal);
        Assert.Equal(
            ["26.1 &#177; 0.3", "0.123"],
            Regex.Matches(page, "<strong>(.*?)</strong>").Select(match => match.Groups[1].Value)
        );
        Assert.Contains("<td class=\"number\">0.250</td>", page, StringComparison.Ordinal);
        Assert.Contains("<pre>tdv evaluate</pre>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Confusion_matrices_are_in_percent_of_the_true_class()
    {
        WriteConfusion(
            "c",
            "Taken for",
            ["Disc", "Square"],
            [
                [30, 10],
                [0, 0],
            ]
        );

        string page = Report();

        Assert.Contains(
            "<td class=\"right\" style=\"--share:0.750\" title=\"30 pixels\">75</td>",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "<td class=\"wrong\" style=\"--share:0.250\" title=\"10 pixels\">25</td>",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("<th scope=\"row\">Square</th>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "tables",
        "{\"title\":\"t\",\"columns\":[\"a\",\"b\"],\"rows\":[[1]]}",
        "as many cells as there are columns"
    )]
    [InlineData("tables", "{\"title\":\"t\"}", "is not what a report can show")]
    [InlineData("tables", "{\"title\":\"t\",\"columns\":[\"a\"],\"rows\":[[{}]]}", "neither a text nor a number")]
    [InlineData("confusion", "{\"title\":\"t\",\"classes\":[\"a\"],\"counts\":[[1,2]]}", "as many rows and columns")]
    [InlineData("confusion", "[", "is not what a report can show")]
    public void A_file_of_results_that_is_wrong_is_named(string kind, string json, string expected)
    {
        string file = Path.Combine(_folder["run"], kind, "wrong.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, json);

        Assert.Equal(CommandLine.Failure, CommandLine.Run(["report", _folder["run"]]));

        Assert.Contains(file, _captured.ToString(), StringComparison.Ordinal);
        Assert.Contains(expected, _captured.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_inside_and_say_in_words_what_they_are()
    {
        using var toys = new ToyData(frames: 24);
        Directory.CreateDirectory(_folder["run"]);
        using (var model = TdvModel.Create(TdvPreset.Tiny, 1))
        {
            model.Save(Path.Combine(_folder["run"], "weights.safetensors"));
        }

        string without = Report();
        string with = Report("--video", toys.FrameFolder);

        Assert.Contains("None of the videos that it was trained on is here.", without, StringComparison.Ordinal);
        // Six frames, six pictures each.
        Assert.Equal(36, Regex.Count(with, "<img src=\"data:image/jpeg;base64,[A-Za-z0-9+/=]{500,}\" alt=\""));
        Assert.Contains("alt=\"Prediction error at 0.3 seconds\"", with, StringComparison.Ordinal);
        Assert.True(with.Length < 5_000_000);
    }

    [Fact]
    public void A_run_and_a_video_that_do_not_exist_are_told()
    {
        Assert.Equal(CommandLine.Failure, CommandLine.Run(["report", "no-run"]));
        Assert.Contains("error: The run 'no-run' does not exist.", _captured.ToString(), StringComparison.Ordinal);
        Assert.Equal(CommandLine.Failure, CommandLine.Run(["report", _folder.FullName, "--video", "no.mp4"]));
        Assert.Contains("error: The video 'no.mp4' does not exist.", _captured.ToString(), StringComparison.Ordinal);
    }

    private string Report(params string[] more)
    {
        string path = _folder["page.html"];
        int code = CommandLine.Run(["report", _folder["run"], "--out", path, .. more]);
        Assert.True(code == CommandLine.Success, _captured.ToString());
        return File.ReadAllText(path);
    }

    private static VideoMetrics Unseen(double bits)
    {
        var spread = new FeatureSpread(4, 4, 2, 0.1, 0.2, 0.3, 0.4);
        return new VideoMetrics(0.5, 4, 0.8, 128)
        {
            Spread = spread,
            Untrained = spread,
            PredictedInformation = bits,
            CopiedInformation = 50,
            UntrainedInformation = 40,
        };
    }

    private void WriteSteps(
        int count,
        double gain = 0.5,
        double rank = 4,
        double entropy = 0.9,
        FeatureSpread? untrained = null,
        double[]? bits = null
    )
    {
        string path = Path.Combine(_folder["run"], "metrics.jsonl");
        Directory.CreateDirectory(_folder["run"]);
        File.Delete(path);
        using var file = new MetricsFile(path);
        for (int step = 1; step <= count; step++)
        {
            file.Report(
                new StepReport
                {
                    Step = step,
                    Steps = count,
                    Loss = step == 1 ? 9 : 7.1,
                    MeanSquaredError = 1,
                    ClsLoss = 1,
                    PatchLoss = 1,
                    PredictionGain = step == 1 ? double.NegativeInfinity : gain,
                    LearningRate = 1e-4 * step,
                    GradientNorm = step == 3 ? double.NaN : 1,
                    PairsPerSecond = 10,
                    Elapsed = TimeSpan.FromSeconds(step),
                    Remaining = TimeSpan.Zero,
                    Pass = 0,
                    Waiting = TimeSpan.Zero,
                    Validation = bits is null ? null : Unseen(bits[step - 1]),
                    BestStep = bits is null ? null : 1 + Array.IndexOf(bits, bits[..step].Max()),
                    Health = new FeatureHealth(step - (step % 10), 0.8, rank, entropy)
                    {
                        Spread = untrained is null ? null : new(rank, rank, 5, 0.1, 0.2, 0.3, 0.4),
                        Untrained = untrained,
                    },
                }
            );
        }
    }

    private void WriteTable(string name, string title, string[] columns, object[][] rows) =>
        Write(
            $"tables/{name}.json",
            new JsonObject
            {
                ["title"] = title,
                ["note"] = title,
                ["command"] = title == Hostile ? Hostile : "tdv evaluate",
                ["columns"] = JsonSerializer.SerializeToNode(columns),
                ["rows"] = JsonSerializer.SerializeToNode(rows),
            }
        );

    private void WriteConfusion(string name, string title, string[] classes, long[][] counts) =>
        Write(
            $"confusion/{name}.json",
            new JsonObject
            {
                ["title"] = title,
                ["classes"] = JsonSerializer.SerializeToNode(classes),
                ["counts"] = JsonSerializer.SerializeToNode(counts),
            }
        );

    private void Write(string name, JsonObject content)
    {
        string path = Path.Combine(_folder["run"], name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content.ToJsonString());
    }
}
