using Tdv.Studies;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Studies;

public class StudyFolderTests
{
    [Fact]
    public void What_is_done_is_not_done_again()
    {
        using var folder = new TemporaryFolder();

        var first = new StudyFolder(folder.FullName, "a").Get("full-seed0", () => new() { ["gain"] = 0.5 });
        var second = new StudyFolder(folder.FullName, "a").Get(
            "full-seed0",
            () => throw new InvalidOperationException()
        );

        Assert.Equal(first, second);
        Assert.Equal(0.5, second["gain"]);
    }

    [Fact]
    public void Not_a_number_survives()
    {
        using var folder = new TemporaryFolder();

        var figures = new StudyFolder(folder.FullName, "a").Get("x", () => new() { ["gain"] = double.NaN });

        Assert.Equal(double.NaN, figures["gain"]);
    }

    [Fact]
    public void Results_of_other_settings_are_refused()
    {
        using var folder = new TemporaryFolder();
        new StudyFolder(folder.FullName, "100 steps").Get("x", () => []);

        var error = Assert.Throws<UserException>(() =>
            new StudyFolder(folder.FullName, "200 steps").Get("x", () => [])
        );

        Assert.Equal(
            $"'{folder["parts/x.json"]}' holds a result of other settings (100 steps; now 200 steps). "
                + "Give the same again, or another folder with --out.",
            error.Message
        );
    }

    [Theory]
    [InlineData("{\"settings\":")]
    [InlineData("{}")]
    [InlineData("null")]
    public void A_damaged_result_is_told(string text)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["parts"]);
        File.WriteAllText(folder["parts/x.json"], text);

        var error = Assert.Throws<UserException>(() => new StudyFolder(folder.FullName, "a").Get("x", () => []));

        Assert.Equal(
            $"'{folder["parts/x.json"]}' is damaged. Delete it, and the study does that part again.",
            error.Message
        );
    }
}
