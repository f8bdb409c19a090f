using OpenCvSharp;
using Tdv.Tool.Painting;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

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
    public void Wide_overlays_agree_with_the_rule_pixel_by_pixel()
    {
        const int height = 9;
        const int width = 53;
        var random = new Random(1);
        using var frame = new Mat(height, width, MatType.CV_8UC3);
        Cv2.Randu(frame, Scalar.All(0), Scalar.All(256));
        var keys = new uint[height * width];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = random.Next(12) == 0 ? (uint)random.Next(3) : keys[Math.Max(0, i - 1)];
        }

        using var picture = Overlay.Paint(frame, keys, Palette);

        for (int i = 0; i < keys.Length; i++)
        {
            var (y, x) = (i / width, i % width);
            bool isRim = (x + 1 < width && keys[i + 1] != keys[i]) || (y + 1 < height && keys[i + width] != keys[i]);
            var before = frame.At<Vec3b>(y, x);
            var color = keys[i] == 0 ? before : Palette.Colors[(int)keys[i] - 1];
            var expected = isRim
                ? new Vec3b(255, 255, 255)
                : new Vec3b(
                    Half(before.Item0, color.Item0),
                    Half(before.Item1, color.Item1),
                    Half(before.Item2, color.Item2)
                );
            Assert.Equal(expected, picture.At<Vec3b>(y, x));
        }

        static byte Half(byte a, byte b) => (byte)((a + b) / 2);
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
