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

    [Theory]
    [InlineData("3 \"traffic light\" 1 2 3", "traffic light")]
    [InlineData("3\ttraffic light\t1\t2\t3", "traffic light")]
    [InlineData("3 \"the \"\"big\"\" one\" 1 2 3", "the \"big\" one")]
    [InlineData("3 \\#1 1 2 3", "#1")]
    [InlineData("3 \"#1\" 1 2 3", "#1")]
    [InlineData("\"3\"\t\"a\tb\"\t1\t2\t3", "a\tb")]
    public void Names_may_hold_anything(string line, string name)
    {
        var read = Assert.Single(Read(line));
        Assert.Equal(new MaskClass(3, name, 1, 2, 3), read);
        Assert.Equal(read, Assert.Single(Read(read.ToLine())));
    }

    [Fact]
    public void A_byte_order_mark_and_line_ends_of_Windows_are_no_part_of_a_line()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "\uFEFF# id\r\n\r\n1 Straße 1 2 3\r\n2 Void 0 0 0 ignore\r\n3 Rest 0 0 0 ignore\r\n");
        var classes = MaskClass.ReadFile(path);
        File.Delete(path);

        Assert.Equal(
            [new(1, "Straße", 1, 2, 3), new(2, "Void", 0, 0, 0, Ignore: true), new(3, "Rest", 0, 0, 0, Ignore: true)],
            classes
        );
    }

    [Fact]
    public void What_is_no_line_is_told()
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, [.. "1 \"open 1 2 3\n2 Stra"u8, 0xDF, .. "e 1 2 3\n"u8]);
        string message = Assert.Throws<FormatException>(() => MaskClass.ReadFile(path)).Message;
        File.Delete(path);

        Assert.Equal(
            [
                "- line 1 is '1 \"open 1 2 3': a quote is not closed, or something follows it; a name with blanks is \"in "
                    + "quotes\", and \"\" in it is a quote",
                "- line 2 is '2 Stra\uFFFDe 1 2 3': the line is not UTF-8 text; save the file as UTF-8",
            ],
            message.Split(Environment.NewLine)[1..]
        );
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
