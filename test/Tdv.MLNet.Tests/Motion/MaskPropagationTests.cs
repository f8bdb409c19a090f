using Tdv.MLNet.Motion;
using Xunit;

namespace Tdv.MLNet.Tests.Motion;

public sealed class MaskPropagationTests
{
    private const int Height = 23;
    private const int Width = 31;

    /// <summary>Windows smaller and larger than the grid, fewer frames than are kept and more, one neighbor and several.</summary>
    [Theory]
    [InlineData(2, 3, 4)]
    [InlineData(12, 7, 5)]
    [InlineData(1, 0, 1)]
    [InlineData(3, 1, 20)]
    public void Shares_and_masks_are_those_of_plain_loops_over_everything(int radius, int contextFrames, int neighbors)
    {
        const int rows = 6;
        const int columns = 9;
        const int depth = 11;
        const int classes = 3;
        foreach (var decision in Enum.GetValues<MaskDecision>())
        {
            var options = new PropagationOptions
            {
                Radius = radius,
                ContextFrames = contextFrames,
                Neighbors = neighbors,
                PatchSize = 4,
                Decision = decision,
            };
            var random = new Random(radius);
            var naive = new NaivePropagation(rows, columns, depth, classes, options);
            var propagation = new MaskPropagation(rows, columns, depth, classes, options);
            var painter = new CarriedMaskPainter(rows, columns, classes, options);
            uint[] mask = [.. Enumerable.Range(0, Height * Width).Select(i => 1 + ((uint)i / 50 % classes))];
            float[] scene = Features(random);
            naive.Give(scene, mask, Height, Width);
            propagation.Give(scene, mask, Height, Width);
            int same = 0;
            for (int frame = 0; frame < 10; frame++)
            {
                scene = [.. scene.Zip(Features(random), (old, change) => old + (0.3f * change))];
                double[][] expected = naive.Carry(scene);
                var found = propagation.Carry(scene);
                Assert.All(
                    expected.SelectMany(cell => cell).Zip(found.Shares),
                    pair => Assert.Equal(pair.First, pair.Second, 1e-4)
                );
                uint[] keys = new uint[Height * Width];
                painter.Paint(found, Height, Width, keys, []);
                same += naive.Paint(expected, Height, Width).Zip(keys).Count(pair => pair.First == pair.Second);
            }

            // Where two classes are as large to the last digit, either may win.
            Assert.InRange((double)same / (10 * Height * Width), 0.998, 1);
        }

        float[] Features(Random random) =>
            [.. Enumerable.Range(0, rows * columns * depth).Select(_ => random.NextSingle() - 0.3f)];
    }

    /// <summary>Every cell looks like no other, and all move right by one cell a frame: so does the mask.</summary>
    [Fact]
    public void What_moves_takes_its_class_along()
    {
        const int columns = 8;
        var propagation = new MaskPropagation(1, columns, 16, 2, new() { Neighbors = 1, Radius = 1 });
        propagation.Give(Scene(0), [1, 2, 2, 1, 1, 1, 1, 1], 1, columns);
        for (int frame = 1; frame < 6; frame++)
        {
            var shares = propagation.Carry(Scene(frame)).Shares;
            Assert.Equal(
                Enumerable.Range(0, columns).Select(x => x - frame is 1 or 2 ? 1f : 0f),
                Enumerable.Range(0, columns).Select(x => shares[(2 * x) + 1])
            );
        }

        // What stands at x = 0 in frame 0 has the number 8; what comes in from the left, a smaller one.
        static float[] Scene(int frame) =>
            [
                .. Enumerable
                    .Range(0, columns)
                    .SelectMany(x => Enumerable.Range(0, 16).Select(i => i == 8 + x - frame ? 1f : 0f)),
            ];
    }

    /// <summary>Two cells known, the third between them as like the one as the other.</summary>
    [Fact]
    public void Neighbors_count_by_exp_of_cosine_by_temperature()
    {
        var propagation = new MaskPropagation(1, 3, 2, 2, new() { Temperature = 0.5f });
        propagation.Give([1, 0, 0.6f, 0.8f, 0, 1], [1, 2, 0], 1, 3);

        float[] shares = propagation.Carry([1, 0, 1, 0, 1, 0]).Shares;

        // Cosines 1 and 0.6; the cell without a class does not count.
        double first = Math.Exp(1 / 0.5);
        double second = Math.Exp(0.6 / 0.5);
        Assert.Equal(first / (first + second), shares[0], 1e-5);
        Assert.Equal(second / (first + second), shares[1], 1e-5);
        Assert.Equal(shares[..2], shares[2..4]);
        Assert.Equal(shares[..2], shares[4..]);
    }

    [Fact]
    public void Memory_is_kept_from_frame_to_frame()
    {
        int made = 0;
        var memory = new FrameMemory(
            corrections: 2,
            carried: 3,
            () =>
            {
                made++;
                return new CarriedFrame(1, 1, 1, 1);
            }
        );
        for (int i = 0; i < 100; i++)
        {
            var frame = memory.Rent();
            if (i % 7 == 0)
            {
                memory.AddGiven(frame);
            }
            else
            {
                memory.AddCarried(frame);
            }

            Assert.InRange(memory.Frames.Count, 1, 6);
            if (i == 50)
            {
                memory.Clear();
                memory.AddGiven(memory.Rent());
            }
        }

        Assert.InRange(made, 1, 7);
    }

    /// <summary>The first mask, the newest given later, and what was carried since.</summary>
    [Fact]
    public void A_given_mask_puts_aside_what_was_carried_before()
    {
        var memory = new FrameMemory(1, 2, () => new CarriedFrame(1, 1, 1, 1));
        var (first, second, third, carried) = (memory.Rent(), memory.Rent(), memory.Rent(), memory.Rent());
        memory.AddGiven(first);
        memory.AddCarried(memory.Rent());
        memory.AddGiven(second);
        Assert.Equal([first, second], memory.Frames);
        memory.AddGiven(third);
        memory.AddCarried(carried);
        Assert.Equal([first, third, carried], memory.Frames);
    }
}
