using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Tdv.MLNet.Tests.Visualization;

public class MaskOverlayTests
{
    private const int Width = 120;
    private const int Height = 2;

    private static readonly MaskClass[] Classes =
    [
        new(0, "Border", 1, 1, 1, Ignore: true),
        new(4, "Disc", 200, 100, 0),
        new(9, "Square", 0, 0, 255),
    ];

    [Theory]
    [InlineData(MLPixelFormat.Rgba32)]
    [InlineData(MLPixelFormat.Bgra32)]
    public void Masks_are_mixed_in_whatever_the_order_of_colors(MLPixelFormat format)
    {
        using var frame = Frame(format);
        var mask = new uint[Width * Height];
        mask.AsSpan(0, 2).Fill(1);
        mask.AsSpan(Width, 2).Fill(2);
        mask.AsSpan(Width + 2, 2).Fill(1);

        using var picture = new MaskOverlay(Classes).Paint(frame, mask, legend: false);

        Assert.Equal((Width, Height), (picture.Width, picture.Height));
        Assert.Equal((10, 20, 30), Pixel(picture, 4));
        Assert.Equal((105, 60, 15), Pixel(picture, Width + 2));
        Assert.Equal((5, 10, 142), Pixel(picture, Width));
        // Where classes meet, to the right or below.
        Assert.Equal((255, 255, 255), Pixel(picture, 0));
        Assert.Equal((255, 255, 255), Pixel(picture, Width + 1));
        Assert.Equal((10, 20, 30), Pixel(frame, 0));
    }

    [Fact]
    public void Wide_overlays_agree_with_the_rule_pixel_by_pixel()
    {
        const int height = 9;
        const int width = 53;
        var random = new Random(1);
        byte[] pixels = new byte[4 * height * width];
        random.NextBytes(pixels);
        using var frame = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        uint[] keys = new uint[height * width];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = random.Next(12) == 0 ? (uint)random.Next(3) : keys[Math.Max(0, i - 1)];
        }

        using var picture = new MaskOverlay(Classes).Paint(frame, keys, legend: false);

        for (int i = 0; i < keys.Length; i++)
        {
            var (y, x) = (i / width, i % width);
            bool isRim = (x + 1 < width && keys[i + 1] != keys[i]) || (y + 1 < height && keys[i + width] != keys[i]);
            var before = Pixel(frame, i);
            var color = keys[i] == 0 ? before : Color(Classes[keys[i]]);
            var mixed = (
                (before.Red + color.Red) / 2,
                (before.Green + color.Green) / 2,
                (before.Blue + color.Blue) / 2
            );
            Assert.Equal(isRim ? (255, 255, 255) : mixed, Pixel(picture, i));
        }

        static (int Red, int Green, int Blue) Color(MaskClass mask) => (mask.Red, mask.Green, mask.Blue);
    }

    [Fact]
    public void The_legend_shows_each_class_that_is_not_ignored()
    {
        using var frame = Frame(MLPixelFormat.Rgba32);

        using var picture = new MaskOverlay(Classes).Paint(frame, new uint[Width * Height]);

        var colors = Enumerable.Range(0, picture.Width * picture.Height).Select(i => Pixel(picture, i)).ToHashSet();
        // Two lines: both names beside one another are wider than the frame.
        Assert.Equal((Width, Height + 48), (picture.Width, picture.Height));
        Assert.Contains((200, 100, 0), colors);
        Assert.Contains((0, 0, 255), colors);
        Assert.DoesNotContain((1, 1, 1), colors);
    }

    [Fact]
    public void Masks_of_another_size_or_with_keys_beyond_the_classes_are_refused()
    {
        using var frame = Frame(MLPixelFormat.Rgba32);

        var error = Assert.Throws<ArgumentException>(() => new MaskOverlay(Classes).Paint(frame, [0, 3]));

        Assert.Equal(
            """
            The mask cannot be painted:
            - The mask has 2 pixels; the frame has 120 × 2.
            - The mask has the key 3; there are 2 classes that are not ignored.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void A_column_tells_its_classes_or_is_refused()
    {
        var ml = new MLContext(1);
        using var toys = new ToyData(frames: 1);
        var rows = ml.Data.LoadFromEnumerable([new { Path = $"masks/{ToyData.Name(0)}" }]);
        var masks = ml
            .Transforms.LoadMasks("Mask", toys.Folder, "Path", MaskClass.ReadFile(toys.ClassFile))
            .Fit(rows)
            .Transform(rows);
        var keys = masks.GetColumn<uint[]>("Mask").First();
        using var frame = MLImage.CreateFromFile(Path.Combine(toys.FrameFolder, ToyData.Name(0)));

        using var picture = new MaskOverlay(masks.Schema["Mask"]).Paint(frame, keys);

        Assert.True(picture.Height > frame.Height);
        var error = Assert.Throws<ArgumentException>(() => new MaskOverlay(masks.Schema["Path"]));
        Assert.Equal(
            """
            The classes of masks cannot be read:
            - column 'Path' is of type String; Vector<Key<UInt32>> is expected, as LoadMasks gives it.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    [Fact]
    public void A_confusion_matrix_is_green_where_it_is_right_and_red_where_it_is_wrong()
    {
        var metrics = new MaskMetrics(
            ["A", "B"],
            [
                [90, 10],
                [70, 30],
            ],
            1
        );

        using var picture = ConfusionPicture.Paint(metrics);

        int margin = picture.Width - 104 - 10;
        Assert.Equal(picture.Width, picture.Height);
        Assert.True(At(0, 0).Green > At(0, 0).Red);
        Assert.True(At(0, 1).Red > At(0, 1).Green);
        Assert.True(At(1, 0).Red > At(0, 1).Red);
        Assert.True(At(0, 0).Green > At(1, 1).Green);

        // A corner of a cell, where no text is.
        (int Red, int Green, int Blue) At(int truth, int predicted) =>
            Pixel(picture, ((margin + (truth * 52) + 4) * picture.Width) + margin + (predicted * 52) + 4);
    }

    private static MLImage Frame(MLPixelFormat format)
    {
        byte[] pixel = format == MLPixelFormat.Rgba32 ? [10, 20, 30, 255] : [30, 20, 10, 255];
        return MLImage.CreateFromPixels(
            Width,
            Height,
            format,
            [.. Enumerable.Repeat(pixel, Width * Height).SelectMany(bytes => bytes)]
        );
    }

    private static (int Red, int Green, int Blue) Pixel(MLImage picture, int index)
    {
        var pixel = picture.Pixels.Slice(4 * index, 4);
        return picture.PixelFormat == MLPixelFormat.Rgba32
            ? (pixel[0], pixel[1], pixel[2])
            : (pixel[2], pixel[1], pixel[0]);
    }
}
