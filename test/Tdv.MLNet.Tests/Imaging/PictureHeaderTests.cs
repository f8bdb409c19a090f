using Tdv.MLNet.Imaging;
using Xunit;

namespace Tdv.MLNet.Tests.Imaging;

public sealed class PictureHeaderTests
{
    [Theory]
    [InlineData(16384, 16384, false)]
    [InlineData(16385, 16384, true)]
    [InlineData(60000, 60000, true)]
    [InlineData(2147483647, 2147483647, true)]
    public void More_than_so_many_pixels_are_not_decoded(double width, double height, bool refused) =>
        Assert.Equal(refused, PictureHeader.Fault("a.mp4", width, height) is not null);

    [Fact]
    public void The_size_is_read_from_the_header()
    {
        using var toy = new ToyData(1);
        string picture = Path.Combine(toy.FrameFolder, ToyData.Name(0));
        Assert.Null(PictureHeader.Fault(picture));
        Assert.Null(PictureHeader.Fault(toy.ClassFile));
    }
}
