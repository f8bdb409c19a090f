using OpenCvSharp;
using Tdv.Samples.Painting;
using Xunit;

namespace Tdv.MLNet.Tests.Samples;

public class PaintingTests
{
    private static readonly Palette Palette = new(
        ["Disc", "Square"],
        [4, 9],
        [new Vec3b(200, 0, 0), new Vec3b(0, 0, 200)]
    );

    [Fact]
    public void Masks_are_mixed_in_and_classes_parted_by_a_line()
    {
        using var frame = new Mat(2, 3, MatType.CV_8UC3, new Scalar(100, 100, 100));

        using var picture = Overlay.Paint(frame, [1, 1, 2, 1, 1, 0], Palette);

        Assert.Equal(new Vec3b(150, 50, 50), picture.At<Vec3b>(0, 0));
        Assert.Equal(new Vec3b(255, 255, 255), picture.At<Vec3b>(0, 1));
        Assert.Equal(new Vec3b(100, 100, 100), picture.At<Vec3b>(1, 2));
        Assert.Equal(new Vec3b(100, 100, 100), frame.At<Vec3b>(0, 0));
    }

    [Fact]
    public void Label_pictures_hold_class_ids()
    {
        using var mask = Pictures.ToIds([0, 1, 2, 1], 2, 2, Palette);

        mask.GetArray(out byte[] ids);

        Assert.Equal([0, 4, 9, 4], ids);
    }

    [Fact]
    public void A_comparison_has_three_panels_and_a_legend()
    {
        using var frame = new Mat(20, 40, MatType.CV_8UC3, new Scalar(100, 100, 100));
        var keys = Enumerable.Repeat(1u, 800).ToArray();

        using var picture = Comparison.Draw(frame, keys, keys, Palette);

        Assert.Equal((3 * 320) + 12, picture.Width);
        Assert.Equal(160 + (2 * Legend.LineHeight), picture.Height);
    }
}
