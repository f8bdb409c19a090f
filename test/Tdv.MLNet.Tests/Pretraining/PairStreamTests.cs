using Microsoft.ML;
using Tdv.MLNet.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

public sealed class PairStreamTests : IDisposable
{
    private const int Pairs = 4;

    /// <summary>Three passes and a bit.</summary>
    private const int Taken = 14;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Begins_at_any_position_as_if_it_had_never_stopped(long cacheLimit)
    {
        (byte[] Pixels, DataPosition Position)[] whole = [.. Stream(null, cacheLimit).Take(Taken)];

        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3], whole.Select(pair => pair.Position.Pass));
        Assert.Equal(cacheLimit > 0, whole[^1].Position.Cached);
        for (int stop = 1; stop < Taken; stop++)
        {
            (byte[] Pixels, DataPosition Position)[] rest =
            [
                .. Stream(whole[stop - 1].Position, cacheLimit).Take(Taken - stop),
            ];

            Assert.Equal(whole[stop..].Select(pair => pair.Position), rest.Select(pair => pair.Position));
            Assert.Equal(whole[stop..].Select(pair => pair.Pixels), rest.Select(pair => pair.Pixels));
        }
    }

    [Fact]
    public void Every_pass_has_every_pair_in_another_order()
    {
        var passes = Stream(null, long.MaxValue)
            .Take(3 * Pairs)
            .Select(pair => Convert.ToHexString(pair.Pixels))
            .Chunk(Pairs)
            .ToList();

        Assert.All(passes, pass => Assert.Equal(passes[0].Order(), pass.Order()));
        Assert.NotEqual(passes[1], passes[2]);
    }

    [Theory]
    [InlineData(3, long.MaxValue)]
    [InlineData(6, long.MaxValue)]
    [InlineData(6, 0)]
    public void Other_pairs_than_before_are_refused(int stop, long cacheLimit)
    {
        var position = Stream(null, cacheLimit).Take(stop).Last().Position;
        var others = Decoder(Clips.Pairs(Pairs + 1)[1..]);

        var exception = Assert.Throws<InvalidOperationException>(() =>
            new PairStream(others, seed: 1, position, null, cacheLimit).Read().First()
        );

        Assert.Equal(
            $"The data are not those that this training began with: their first {position.Known} frame pairs differ. Give it "
                + "the same videos, unchanged and read in the same way, or begin anew with another CheckpointDirectory.",
            exception.Message
        );
    }

    [Fact]
    public void Fewer_pairs_than_before_are_refused()
    {
        var position = Stream(null, long.MaxValue).Take(Pairs).Last().Position;

        Assert.Throws<InvalidOperationException>(() =>
            new PairStream(Decoder(Clips.Pairs(Pairs - 1)), seed: 1, position, null).Read().First()
        );
    }

    private IEnumerable<(byte[] Pixels, DataPosition Position)> Stream(DataPosition? start, long cacheLimit) =>
        new PairStream(Decoder(Clips.Pairs(Pairs)), seed: 1, start, _folder["pairs.cache"], cacheLimit).Read();

    private static PairDecoder Decoder(List<Clips.Pair> pairs) =>
        new(Clips.View(new MLContext(1), pairs), "Frame", "PreviousFrame", size: 16);
}
