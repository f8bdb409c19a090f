using Tdv.MLNet.Foundation;
using Xunit;

namespace Tdv.MLNet.Tests.Foundation;

public sealed class RealPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public RealPathTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights there.");

    [Fact]
    public void Links_are_followed_in_every_part()
    {
        string real = RealPath.Of(_folder[""]);
        Directory.CreateDirectory(_folder["a/b"]);
        File.WriteAllText(_folder["a/b/f"], "x");
        Directory.CreateSymbolicLink(_folder["c"], "a/b");
        Directory.CreateSymbolicLink(_folder["a/d"], _folder["c"]);
        File.CreateSymbolicLink(_folder["a/g"], "d/../b/f");

        Assert.Equal(Path.Combine(real, "a/b/f"), RealPath.Of(_folder["a/d/f"]));
        Assert.Equal(Path.Combine(real, "a/b/f"), RealPath.Of(_folder["a/g"]));
        Assert.Equal(Path.Combine(real, "a/none"), RealPath.Of(_folder["a/none"]));
    }

    [Fact]
    public void A_circle_ends_and_has_no_bytes()
    {
        File.CreateSymbolicLink(_folder["x"], "y");
        File.CreateSymbolicLink(_folder["y"], "x");
        File.CreateSymbolicLink(_folder["z"], "nothing");
        File.WriteAllText(_folder["f"], "x");
        File.CreateSymbolicLink(_folder["l"], "f");

        Assert.Equal(_folder["x"], RealPath.Of(_folder["x"]));
        Assert.False(RealPath.HasBytes(_folder["x"]));
        Assert.False(RealPath.HasBytes(_folder["z"]));
        Assert.False(RealPath.HasBytes("/dev/zero"));
        Assert.True(RealPath.HasBytes(_folder["l"]));
    }

    public void Dispose() => _folder.Dispose();
}
