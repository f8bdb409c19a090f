using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class LabeledListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LabeledListTests()
    {
        _folder.Write("a.png");
        _folder.Write("b.png");
        _folder.Write("mask.png");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Paths_are_relative_to_the_list_and_comments_are_skipped()
    {
        string path = _folder.Write("list.txt", "# image mask", "", "a.png mask.png", "  b.png   mask.png ");

        var list = LabeledList.Read(path);

        Assert.Equal([_folder["a.png"], _folder["b.png"]], list.Images.Select(image => image.Path));
        Assert.Equal([_folder["mask.png"], _folder["mask.png"]], list.Images.Select(image => image.MaskPath));
        Assert.Equal([_folder["a.png"], _folder["b.png"]], list.Images.Select(image => image.PreviousPath));
        Assert.False(list.HasPredecessors);
    }

    [Fact]
    public void A_third_column_is_the_predecessor()
    {
        var list = LabeledList.Read(_folder.Write("list.txt", "b.png mask.png a.png"));

        Assert.Equal(_folder["a.png"], Assert.Single(list.Images).PreviousPath);
        Assert.True(list.HasPredecessors);
    }

    [Theory]
    [InlineData("\"my pictures/a b.png\" mask.png")]
    [InlineData("my pictures/a b.png\tmask.png")]
    [InlineData("\"my pictures/a b.png\"\t\t mask.png")]
    [InlineData("\"my pictures\\a b.png\" .\\mask.png")]
    [InlineData("\uFEFF\"my pictures/a b.png\" mask.png\r\n")]
    public void Names_with_blanks_stand_in_quotes_or_between_tabs(string line)
    {
        Directory.CreateDirectory(_folder["my pictures"]);
        _folder.Write("my pictures/a b.png");
        File.WriteAllText(_folder["list.txt"], line);

        var image = Assert.Single(LabeledList.Read(_folder["list.txt"]).Images);

        Assert.Equal(_folder["my pictures/a b.png"], image.Path);
        Assert.Equal(_folder["mask.png"], image.MaskPath);
    }

    [Fact]
    public void Names_may_begin_with_a_number_sign_and_be_absolute()
    {
        _folder.Write("#1.png");
        string path = _folder.Write(
            "list.txt",
            "\\#1.png mask.png",
            "\"#1.png\" mask.png",
            $"{_folder["a.png"]} {_folder["mask.png"]}",
            "#1.png mask.png"
        );

        var list = LabeledList.Read(path);

        Assert.Equal([_folder["#1.png"], _folder["#1.png"], _folder["a.png"]], list.Images.Select(image => image.Path));
        Assert.Equal([1, 2, 3], list.Lines);
    }

    [Fact]
    public void All_faults_are_told_with_file_and_line()
    {
        string path = _folder.Write(
            "list.txt",
            "a.png mask.png",
            "a.png",
            "# fine",
            "b.png mask.png a.png",
            "gone.png mask.png"
        );

        var error = Assert.Throws<UserException>(() => LabeledList.Read(path));

        Assert.Equal(
            string.Join(
                Environment.NewLine,
                $"{path}:2: expected 'image mask [predecessor]', found 1 column(s): 'a.png'.",
                $"{path}:4: the line has 3 columns, but the first one has 2. Give a predecessor to every image or to none.",
                $"{path}:5: '{_folder["gone.png"]}' does not exist."
            ),
            error.Message
        );
    }

    [Fact]
    public void A_file_that_is_no_text_is_refused_by_line()
    {
        string path = _folder.Write("list.txt", "a.png mask.png", "a\0.png mask.png");

        Assert.Equal(
            $"{path}:2: the line holds a zero byte; expected the text 'image mask [predecessor]'.",
            Assert.Throws<UserException>(() => LabeledList.Read(path)).Message
        );
    }

    [Fact]
    public void Many_faults_are_cut_short()
    {
        string path = _folder.Write("list.txt", [.. Enumerable.Repeat("a.png", 25)]);

        var error = Assert.Throws<UserException>(() => LabeledList.Read(path));

        Assert.Equal(11, error.Message.Split(Environment.NewLine).Length);
        Assert.EndsWith("… and 15 more.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_list_and_a_missing_one_say_what_is_expected()
    {
        string empty = _folder.Write("list.txt", "# nothing");

        Assert.Equal(
            $"{empty}: the list is empty, but needs at least one line 'image mask [predecessor]'.",
            Assert.Throws<UserException>(() => LabeledList.Read(empty)).Message
        );
        Assert.Equal(
            $"The list '{_folder["none"]}' does not exist. It has a line 'image mask [predecessor]' for each image.",
            Assert.Throws<UserException>(() => LabeledList.Read(_folder["none"])).Message
        );
    }
}
