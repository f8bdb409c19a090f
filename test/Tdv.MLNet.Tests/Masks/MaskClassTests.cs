using Xunit;

namespace Tdv.MLNet.Tests.Masks;

public sealed class MaskClassTests
{
    [Fact]
    public void Classes_are_read_in_file_order()
    {
        var classes = Read("# id name R G B [ignore]", "", "4 Sky 128 64 255", "  11\tVoid 0 0 0 ignore");

        Assert.Equal([new(4, "Sky", 128, 64, 255), new(11, "Void", 0, 0, 0, Ignore: true)], classes);
    }

    [Fact]
    public void Every_bad_line_is_listed()
    {
        var error = Assert.Throws<FormatException>(() =>
            Read("0 Sky 1 2 3", "256 Road 1 2 3", "1 Tree 1 2", "0 Sky 1 2 3", "2 Car 1 2 3 ignored", "-1 Bus 1 2 3")
        );

        var lines = error.Message.Split(Environment.NewLine);
        Assert.Matches(
            "^The class file '.*' needs one line 'id name red green blue \\[ignore\\]' per class, numbers from 0 to 255:$",
            lines[0]
        );
        Assert.Equal(
            [
                "- line 2 is '256 Road 1 2 3'",
                "- line 3 is '1 Tree 1 2'",
                "- line 4 gives the id 0 of 'Sky' again",
                "- line 4 gives the name 'Sky' again",
                "- line 5 is '2 Car 1 2 3 ignored'",
                "- line 6 is '-1 Bus 1 2 3'",
            ],
            lines[1..]
        );
    }

    [Theory]
    [InlineData("# nothing")]
    [InlineData("0 Void 0 0 0 ignore")]
    public void A_file_without_a_class_that_counts_is_refused(string line)
    {
        var error = Assert.Throws<FormatException>(() => Read(line));

        Assert.EndsWith("- there is no class that is not ignored", error.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<FileNotFoundException>(() => MaskClass.ReadFile("no/such/classes.txt"));

        Assert.StartsWith("The class file 'no/such/classes.txt' does not exist.", error.Message);
    }

    private static IReadOnlyList<MaskClass> Read(params string[] lines)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, lines);
            return MaskClass.ReadFile(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
