using Microsoft.ML.Data;
using Tdv.MLNet.Masks;
using Tdv.MLNet.Visualization;
using Tdv.Tool.Painting;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public class PaintingTests
{
    private static readonly MaskClass[] Classes = [new(4, "Disc", 0, 0, 200), new(9, "Square", 200, 0, 0)];

    [Fact]
    public void Label_pictures_hold_class_ids()
    {
        using var mask = Pictures.ToIds([0, 1, 2, 1], 2, 2, MaskLegend.Of(Classes));

        mask.GetArray(out byte[] ids);

        Assert.Equal([0, 4, 9, 4], ids);
    }

    [Fact]
    public void A_comparison_has_three_panels_and_a_legend()
    {
        using var frame = MLImage.CreateFromPixels(40, 20, MLPixelFormat.Bgra32, new byte[4 * 800]);
        var keys = Enumerable.Repeat(1u, 800).ToArray();

        using var picture = Comparison.Draw(frame, keys, keys, new MaskOverlay(Classes));

        Assert.Equal((3 * 320) + 12, picture.Width);
        Assert.Equal(160 + (2 * Lettering.LineHeight), picture.Height);
    }
}
