using System.Text.Json.Nodes;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class FiguresFileTests
{
    private static readonly Figures Some = new(
        0.41234,
        0.53,
        0.861,
        new Dictionary<string, double> { ["Sky"] = 0.9, ["Car"] = double.NaN }
    );

    [Fact]
    public void Metrics_hold_every_method_and_the_seconds()
    {
        using var folder = new TemporaryFolder();

        using var output = OutputFolder.Open(folder[""]);
        FiguresFile.WriteAll(output, "AB12", [("tdv", Some), ("color", Some)], TimeSpan.FromSeconds(241.4));

        var expected = JsonNode.Parse(
            """
            {"model":"AB12","tdv":{"mIoU":0.4123,"mAcc":0.53,"pixelAcc":0.861},"color":{"mIoU":0.4123,"mAcc":0.53,"pixelAcc":0.861},"seconds":241}
            """
        );
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(File.ReadAllText(folder["metrics.json"]))));
    }

    [Fact]
    public void Figures_survive_the_way_between_processes()
    {
        using var folder = new TemporaryFolder();

        using var output = OutputFolder.Open(folder[""]);
        FiguresFile.Write(output, "f.json", "AB12", Some);
        var read = FiguresFile.Read(folder["f.json"]);

        Assert.Equal("mIoU=0.412 mAcc=0.530 pixelAcc=0.861", read.ToString());
        Assert.Equal(Some.ClassIoU, read.ClassIoU);
    }

    [Fact]
    public void A_damaged_file_is_told()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<UserException>(() => FiguresFile.Read(folder.Write("f.json", "{}")));

        Assert.Equal($"'{folder["f.json"]}' does not hold the figures of an evaluation.", error.Message);
    }
}
