using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class MovingPairsTests
{
    private const int Height = 48;
    private const int Width = 72;
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_known_translation_is_the_flow_and_hides_what_leaves_the_frame()
    {
        var pair = Render(new MovingLayer(Texture(1), SmoothField.Translation(5, -3), null));

        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                int pixel = (y * Width) + x;
                Assert.Equal((5f, -3f), (pair.Flow[2 * pixel], pair.Flow[(2 * pixel) + 1]));
                Assert.Equal(x + 5 <= Width - 1 && y - 3 >= 0, pair.Valid[pixel]);
                if (pair.Valid[pixel])
                {
                    // Whole pixels: the second frame is the first one, shifted.
                    AssertClose(pair.First, pixel, pair.Second, ((y - 3) * Width) + x + 5, 1);
                }
            }
        }
    }

    [Fact]
    public void An_object_hides_what_is_behind_it()
    {
        // A circle of radius 10 around (20, 24) moves 12 to the right over a background that stands still.
        var circle = new LayerShape(new(20, 24), new(10, 10), 0, 0);
        var pair = Render(
            new MovingLayer(Texture(1), SmoothField.Translation(0, 0), null),
            new MovingLayer(Texture(2), SmoothField.Translation(12, 0), circle)
        );

        (float, float, bool) At(int x, int y)
        {
            int pixel = (y * Width) + x;
            return (pair.Flow[2 * pixel], pair.Flow[(2 * pixel) + 1], pair.Valid[pixel]);
        }

        Assert.Equal((12, 0, true), At(20, 24));
        Assert.Equal((12, 0, true), At(29, 24));
        Assert.Equal((0, 0, false), At(31, 24));
        Assert.Equal((0, 0, false), At(41, 24));
        Assert.Equal((0, 0, true), At(43, 24));
        Assert.Equal((0, 0, true), At(20, 40));
    }

    [Fact]
    public void The_second_frame_warped_back_is_the_first_and_both_are_equally_sharp()
    {
        var options = new MovingPairOptions
        {
            ImageHeight = Height,
            ImageWidth = Width,
            MaxDisplacement = 8,
        };
        using var pool = new PicturePool(null, null);
        var maker = new MovingPairMaker(options, seed: 3);
        double error = 0,
            still = 0,
            first = 0,
            second = 0;
        int count = 0;
        for (int index = 0; index < 12; index++)
        {
            var pair = maker.Make(index, pool);
            for (int pixel = 0; pixel < Height * Width; pixel++)
            {
                int x = pixel % Width;
                if (!pair.Valid[pixel])
                {
                    continue;
                }

                count++;
                still += Math.Abs(pair.First[4 * pixel] - pair.Second[4 * pixel]);
                error += Math.Abs(
                    pair.First[4 * pixel]
                        - Sample(pair.Second, x + pair.Flow[2 * pixel], (pixel / Width) + pair.Flow[(2 * pixel) + 1])
                );
            }

            first += Roughness(pair.First);
            second += Roughness(pair.Second);
        }

        // Half of what is left is at outlines, where a pixel shows two things.
        Assert.True(error / count < 3, $"{error / count}");
        Assert.True(error < 0.25 * still, $"{error / count} of {still / count}");
        Assert.InRange(first / second, 0.95, 1.05);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_field_keeps_to_its_bound_and_is_inverted(bool waves)
    {
        var random = new Random(4);
        float largest = 0;
        for (int i = 0; i < 200; i++)
        {
            var field = SmoothField.Draw(random, 96, 96, 16, waves);
            for (int j = 0; j < 50; j++)
            {
                var place = new Vector2(random.NextSingle() * 95, random.NextSingle() * 95);
                var motion = field.At(place);
                largest = Math.Max(largest, motion.Length());
                Assert.True(Vector2.Distance(place, field.Before(place + motion)) < 1e-2f);
            }
        }

        Assert.InRange(largest, 12, 16.5f);
    }

    [Fact]
    public void A_polygon_has_its_corners_on_the_ellipse_and_its_edges_within()
    {
        var square = new LayerShape(new(10, 20), new(4, 8), 0, 4);

        Assert.True(square.Contains(new(13.9f, 20)));
        Assert.False(square.Contains(new(14.1f, 20)));
        Assert.True(square.Contains(new(10, 27.9f)));
        // The middle of an edge lies at half of both radii.
        Assert.True(square.Contains(new(11.9f, 23.9f)));
        Assert.False(square.Contains(new(12.1f, 24.1f)));
    }

    [Fact]
    public void A_cell_is_the_mean_of_its_valid_pixels_or_not_known()
    {
        float[] flow = [1, 2, 3, 4, 9, 9, 9, 9, 5, 6, 7, 8, 9, 9, 5, 0];
        bool[] valid = [true, true, false, false, true, false, false, true];
        var pair = new MovingPair(2, 4, [], [], flow, valid);

        Assert.Equal([3, 4, float.NaN, float.NaN], pair.Cells(2));
    }

    [Fact]
    public void Rows_are_the_same_in_each_pass_and_their_flow_spreads_over_orders_of_magnitude()
    {
        var pairs = _ml.Data.MakeMovingPairs(null, new MovingPairOptions { Pairs = 40 });
        var type = (VectorDataViewType)pairs.Schema["Flow"].Type;
        float[][] flow = [.. pairs.GetColumn<float[]>("Flow")];

        Assert.Equal([12, 12, 2], type.Dimensions);
        Assert.Equal(40, flow.Length);
        Assert.Equal(flow, pairs.GetColumn<float[]>("Flow"));
        Assert.Equal(Pixels(pairs, "Frame"), Pixels(pairs, "Frame"));
        float[] lengths =
        [
            .. flow.SelectMany(row =>
                    Enumerable.Range(0, row.Length / 2).Select(i => new Vector2(row[2 * i], row[(2 * i) + 1]).Length())
                )
                .Where(float.IsFinite)
                .Order(),
        ];
        Assert.InRange(lengths[^1], 8, 16.5f);
        Assert.InRange(lengths[lengths.Length / 2], 1, 3);
    }

    [Fact]
    public void Pictures_are_read_one_for_each_pair_and_used_again()
    {
        var rows = PixelWise.Scene.View(_ml, 3);
        var options = new MovingPairOptions
        {
            Pairs = 5,
            ImageHeight = 16,
            ImageWidth = 16,
            MaxDisplacement = 2,
        };

        Assert.Equal(5, _ml.Data.MakeMovingPairs(rows, options).GetColumn<float[]>("Flow").Count());
        var none = _ml.Data.SkipRows(rows, 3);
        var error = Assert.Throws<InvalidOperationException>(() =>
            _ml.Data.MakeMovingPairs(none, options).GetColumn<float[]>("Flow").Count()
        );
        Assert.Equal(
            "MakeMovingPairs has no pictures to move: the data has no rows. Give rows with pictures, or null for generated textures.",
            error.Message
        );
    }

    [Fact]
    public void After_the_last_picture_comes_the_first_one_again_unless_all_are_at_hand()
    {
        // 32 are at hand.
        Assert.Equal([1, 1, 1, 2, 2], Passes(34, 5));
        Assert.Equal([1, 1, 1], Passes(31, 3));

        int[] Passes(int rows, int times)
        {
            var view = PixelWise.Scene.View(_ml, rows);
            int passes = 0;
            using var pool = new PicturePool(
                () =>
                {
                    passes++;
                    return view.GetRowCursor([view.Schema["Frame"]]);
                },
                view.Schema["Frame"]
            );
            return
            [
                .. Enumerable
                    .Range(0, times)
                    .Select(_ =>
                    {
                        pool.Advance();
                        return passes;
                    }),
            ];
        }
    }

    [Fact]
    public void All_wrong_options_are_named_at_once()
    {
        var options = new MovingPairOptions
        {
            Pairs = 0,
            ImageHeight = 50,
            ImageWidth = 48,
            MaxDisplacement = 9,
            MaxObjects = -1,
        };
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Data.MakeMovingPairs(PixelWise.Scene.View(_ml, 1), options, "Picture")
        );
        Assert.Equal(
            "MakeMovingPairs cannot work:\n- Pairs is 0; at least 1 is expected.\n"
                + "- ImageHeight is 50; it must be a multiple of PatchSize, 8, from 1 to 4096.\n"
                + "- MaxDisplacement is 9; it must be above 0 and at most a sixth of the shorter side, 8 pixels.\n"
                + "- MaxObjects is -1; 0 to 100 are expected.\n"
                + "- there is no column 'Picture' among 'Features', 'Frame', 'Mask'; Image is expected, as LoadPictures or "
                + "LoadFromVideos gives it.",
            error.Message
        );
    }

    private static LayerTexture Texture(int seed)
    {
        using var picture = TextureNoise.Draw(new Random(seed));
        return new(new Random(seed), picture, Height, Width, MovingScene.Samples);
    }

    private static MovingPair Render(params MovingLayer[] layers)
    {
        using var scene = new MovingScene(Height, Width, layers);
        return scene.Render();
    }

    private static byte[][] Pixels(IDataView pairs, string column) =>
        [.. pairs.GetColumn<MLImage>(column).Select(image => image.Pixels.ToArray())];

    private static void AssertClose(byte[] one, int pixel, byte[] other, int otherPixel, int tolerance)
    {
        for (int channel = 0; channel < 4; channel++)
        {
            Assert.InRange(one[(4 * pixel) + channel] - other[(4 * otherPixel) + channel], -tolerance, tolerance);
        }
    }

    /// <summary>Blue, bilinearly.</summary>
    private static double Sample(byte[] frame, float x, float y)
    {
        var (left, top) = (Math.Min((int)x, Width - 2), Math.Min((int)y, Height - 2));
        var (right, down) = (x - left, y - top);
        double At(int row, int column) => frame[4 * ((row * Width) + column)];
        return ((1 - down) * (((1 - right) * At(top, left)) + (right * At(top, left + 1))))
            + (down * (((1 - right) * At(top + 1, left)) + (right * At(top + 1, left + 1))));
    }

    /// <summary>Of neighboring pixels, blue.</summary>
    private static double Roughness(byte[] frame)
    {
        double sum = 0;
        for (int pixel = 0; pixel < (Height * Width) - 1; pixel++)
        {
            sum += pixel % Width == Width - 1 ? 0 : Math.Abs(frame[4 * pixel] - frame[4 * (pixel + 1)]);
        }

        return sum;
    }
}
