using Tdv.MLNet.Imaging;
using Tdv.MLNet.Torch;
using Tdv.Studies.Dino;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Studies;

public sealed class ViewsTests
{
    private const int Size = 64;
    private const int Patch = 8;

    public ViewsTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void All_biases_make_two_global_views_and_small_local_ones()
    {
        using var scope = NewDisposeScope();
        var views = new Views(new ViewOptions(2, 3, Augment: true), Size, Patch, seed: 0);
        var frames = Frames();

        var global = views.Global(frames);
        var local = views.Local(frames);

        // 96 / 224 of 64 pixels, in whole patches.
        Assert.Equal(24, views.LocalViewSize);
        Assert.Equal(2, global.Count);
        Assert.Equal(3, local.Count);
        Assert.All(global, view => Assert.Equal([4, 3, Size, Size], view.shape));
        Assert.All(local, view => Assert.Equal([4, 3, 24, 24], view.shape));
        Assert.All(global.Concat(local), view => Assert.True(view.isfinite().all().ToBoolean()));
        Assert.NotEqual(Numbers(global[0]), Numbers(global[1]));
    }

    [Fact]
    public void Without_biases_both_views_are_the_frame_to_the_last_bit()
    {
        using var scope = NewDisposeScope();
        var views = new Views(new ViewOptions(0, 0, Augment: false), Size, Patch, seed: 0);
        var frames = Frames();

        Assert.All(views.Global(frames), view => Assert.Equal(Numbers(frames), Numbers(view)));
        Assert.Empty(views.Local(frames));
    }

    [Fact]
    public void One_crop_leaves_the_other_view_whole()
    {
        using var scope = NewDisposeScope();
        var frames = Frames();

        var views = new Views(new ViewOptions(1, 0, Augment: false), Size, Patch, seed: 0).Global(frames);

        Assert.NotEqual(Numbers(frames), Numbers(views[0]));
        Assert.Equal(Numbers(frames), Numbers(views[1]));
    }

    [Fact]
    public void The_same_seed_makes_the_same_views_and_another_does_not()
    {
        using var scope = NewDisposeScope();
        var frames = Frames();

        float[] first = Numbers(Of(1));

        Assert.Equal(first, Numbers(Of(1)));
        Assert.NotEqual(first, Numbers(Of(2)));

        Tensor Of(int seed)
        {
            var views = new Views(new ViewOptions(2, 2, Augment: true), Size, Patch, seed);
            return cat([.. views.Global(frames).Concat(views.Local(frames)).Select(view => view.flatten())]);
        }
    }

    [Fact]
    public void Crops_lie_within_the_frame_and_have_the_area_asked_for()
    {
        var random = new Random(0);
        var crops = Enumerable.Range(0, 2000).Select(_ => Crop.Draw(random, Size, 0.05, 0.4)).ToList();

        Assert.All(
            crops,
            crop =>
            {
                Assert.InRange(crop.Top, 0, Size - crop.Height);
                Assert.InRange(crop.Left, 0, Size - crop.Width);
                Assert.InRange(crop.Height * crop.Width / (Size * Size), 0.05 - 1e-9, 0.4 + 1e-9);
                Assert.InRange(crop.Width / crop.Height, 0.75 - 1e-9, (4 / 3.0) + 1e-9);
            }
        );
        Assert.InRange(crops.Average(crop => crop.Height * crop.Width) / (Size * Size), 0.21, 0.24);
    }

    [Fact]
    public void A_crop_shows_what_is_there()
    {
        using var scope = NewDisposeScope();
        // Each pixel tells its column.
        var frames = arange(Size, ScalarType.Float32).expand(1, 3, Size, Size).contiguous();

        var half = Resampling.Cut(frames, [new Crop(0, 16, 32, 32)], 32);
        var flipped = Resampling.Cut(frames, [new Crop(0, 16, 32, 32, Flip: true)], 32);
        var smaller = Resampling.Cut(frames, [Crop.Whole(Size)], 16);

        Assert.Equal(Enumerable.Range(16, 32).Select(i => (float)i), Row(half));
        Assert.Equal(Enumerable.Range(16, 32).Reverse().Select(i => (float)i), Row(flipped));
        // The middle of four columns, but at the edges.
        Assert.Equal(
            Enumerable.Range(1, 14).Select(i => (4 * i) + 1.5),
            Row(smaller)[1..15].Select(x => Math.Round(x, 3))
        );
    }

    [Fact]
    public void A_blur_keeps_the_mean_of_what_is_even_and_evens_what_is_not()
    {
        using var scope = NewDisposeScope();
        var frames = Frames();

        var blurred = Resampling.Blur(frames, [0, 0.5, 0.5, 2]);
        var even = Resampling.Blur(ones_like(frames), [0, 0.5, 0.5, 2]);

        Assert.Equal(Numbers(frames[0]), Numbers(blurred[0]));
        Assert.True(blurred[3].std().Value() < blurred[1].std().Value());
        Assert.True(blurred[1].std().Value() < frames[1].std().Value());
        Assert.All(Numbers(even), value => Assert.Equal(1, value, 1e-5f));
    }

    [Fact]
    public void Colors_change_alike_in_a_whole_image_and_gray_stays_gray()
    {
        using var scope = NewDisposeScope();
        var gray = Normalized(full([64, 3, 2, 2], 0.5f));

        var pixels = Pixels(new ColorJitter(new Random(0)).Apply(gray));

        // Of an even gray only the brightness changes, of 80 % of the images, by up to 0.4.
        float[] values = Numbers(pixels.amax([1, 2, 3]));
        Assert.Equal(values, Numbers(pixels.amin([1, 2, 3])), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.All(values, value => Assert.InRange(value, 0.3f - 1e-5f, 0.7f + 1e-5f));
        Assert.InRange(values.Count(value => Math.Abs(value - 0.5f) < 1e-6), 5, 22);
    }

    [Fact]
    public void Some_images_lose_their_color()
    {
        using var scope = NewDisposeScope();
        var frames = Normalized(rand([200, 3, 4, 4], generator: new Generator(3)));

        var pixels = Pixels(new ColorJitter(new Random(0)).Apply(frames));

        float[] spread = Numbers((pixels.amax([1]) - pixels.amin([1])).amax([1, 2]));
        Assert.InRange(spread.Count(value => value < 1e-5f), 20, 60);
        Assert.InRange(pixels.min().Value(), -1e-5, 1);
        Assert.InRange(pixels.max().Value(), 0, 1 + 1e-5);
    }

    private static Tensor Frames() => randn([4, 3, Size, Size], generator: new Generator(1));

    private static Tensor Normalized(Tensor pixels) => (pixels - Mean()) / Deviation();

    private static Tensor Pixels(Tensor frames) => (frames * Deviation()) + Mean();

    private static Tensor Mean() => tensor(FramePixels.Mean).view(1, 3, 1, 1);

    private static Tensor Deviation() => tensor(FramePixels.Deviation).view(1, 3, 1, 1);

    private static float[] Row(Tensor view) => Numbers(view[0, 1, 5]);

    private static float[] Numbers(Tensor values) => values.contiguous().data<float>().ToArray();
}
