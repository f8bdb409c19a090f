using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class UniqueNamesTests
{
    [Theory]
    [InlineData("a/x.png b/y.png", "x y")]
    [InlineData("bear/00000.png camel/00000.png camel/00001.png", "bear_00000 camel_00000 00001")]
    [InlineData("a/b/0.png c/b/0.png", "a_b_0 c_b_0")]
    // A name that another file has already, or would be given.
    [InlineData("bear/0.png camel/0.png z/bear_0.png", "r_bear_0 camel_0 bear_0")]
    [InlineData("a/0.png a/0.jpg", "0_png 0_jpg")]
    [InlineData("a/X.png b/x.png", "a_X b_x")]
    [InlineData("a/0.png a/0.png a/0.png", "0-2 0-3 0-4")]
    public void Every_file_has_its_own(string files, string expected)
    {
        var names = UniqueNames.Of([.. files.Split(' ').Select(file => $"/r/{file}")]);

        Assert.Equal(expected.Split(' '), names);
    }
}
