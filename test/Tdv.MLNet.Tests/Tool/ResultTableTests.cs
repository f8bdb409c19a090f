using System.Text.Json.Nodes;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Probing;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public class ResultTableTests
{
    [Fact]
    public void A_column_is_shown_with_the_same_digits()
    {
        var output = Console.Out;
        using var captured = new StringWriter();
        Console.SetOut(captured);
        try
        {
            new ResultTable(
                "Title",
                "Note",
                ["features", "mIoU", "gain"],
                [
                    ["TDV", 45.0, "–"],
                    ["none", 29.75, double.NaN],
                ]
            ).Show();
        }
        finally
        {
            Console.SetOut(output);
        }

        Assert.Equal(
            """
            == Title
            features   mIoU  gain
            TDV       45.00     –
            none      29.75     –
            Note

            """.ReplaceLineEndings(),
            captured.ToString()
        );
    }

    [Fact]
    public void A_table_is_kept_as_its_report_reads_it()
    {
        using var folder = new TemporaryFolder();
        var table = new ResultTable(
            "Title",
            "Note",
            ["features", "mIoU"],
            [
                ["TDV", 12.5],
                ["none", "3.0 ± 0.1"],
                ["broken", double.NaN],
            ]
        );

        using var output = OutputFolder.Open(folder.FullName);
        table.Save(output, "name", ["AB12", "CD34"]);

        var saved = JsonNode.Parse(File.ReadAllText(folder["tables/name.json"]))!.AsObject();
        Assert.StartsWith("tdv", (string)saved["command"]!, StringComparison.Ordinal);
        saved.Remove("command");
        Assert.True(
            JsonNode.DeepEquals(
                JsonNode.Parse(
                    """
                    {"title":"Title","note":"Note","columns":["features","mIoU"],
                     "rows":[["TDV",12.5],["none","3.0 ± 0.1"],["broken","–"]],"models":["AB12","CD34"]}
                    """
                ),
                saved
            ),
            saved.ToJsonString()
        );
    }

    [Fact]
    public void A_confusion_matrix_is_kept_as_its_report_reads_it()
    {
        using var folder = new TemporaryFolder();
        var metrics = new MaskMetrics(
            ["Sky", "Car"],
            [
                [3, 1],
                [0, 2],
            ],
            imageCount: 1
        );

        using var output = OutputFolder.Open(folder.FullName);
        ConfusionFile.Save(output, "name", "Title", metrics, "AB12");

        Assert.Equal(
            """{"title":"Title","model":"AB12","classes":["Sky","Car"],"counts":[[3,1],[0,2]]}""",
            File.ReadAllText(folder["confusion/name.json"])
        );
    }

    [Fact]
    public void Figures_of_seeds_are_their_mean_and_the_deviation_of_a_sample()
    {
        Assert.Equal(0.12, Spread.Of([0.123], 2));
        Assert.Equal("3.0 ± 1.4", Spread.Of([2, 4], 1));
        Assert.Equal("25.0 ± 7.1", Spread.Percent([0.2, 0.3]));
        Assert.Equal("–", Spread.Of([1, double.NaN], 1));
    }
}
