using Tdv.MLNet.Foundation;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

public class ShownTests
{
    [Theory]
    [InlineData("plain näme 👍.mp4", "'plain näme 👍.mp4'")]
    [InlineData("a\nb\tc\rd", @"'a\nb\tc\rd'")]
    [InlineData("\u001b[31mred\u0007", @"'\u001B[31mred\u0007'")]
    [InlineData("gpj\u202Eexe", @"'gpj\u202Eexe'")]
    public void A_name_is_shown_on_one_line_without_controls(string name, string expected) =>
        Assert.Equal(expected, Shown.Name(name));

    [Fact]
    public void Lines_of_a_text_stay_lines() => Assert.Equal("a\n\tb\\u001B[2J", Shown.Lines("a\r\n\tb\u001b[2J"));
}
