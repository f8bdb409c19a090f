using Tdv.MLNet.Video;
using Xunit;

namespace Tdv.MLNet.Tests.Video;

public sealed class FrameSelectorTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(24)]
    [InlineData(29.97)]
    [InlineData(60)]
    [InlineData(120)]
    public void ConstantRates_FollowTheRule(double rate)
    {
        double[] times = [.. Enumerable.Range(0, 400).Select(i => 5 + (i / rate))];

        Assert.Equal(PairOracle.Rows(times, 0.25, 0.25), Rows(new IntervalSelector(0.25, 0.25, 0, 1 / rate), times));
        Assert.Equal(PairOracle.Rows(times, 0.25, 0.1), Rows(new IntervalSelector(0.25, 0.1, 0, 1 / rate), times));
        Assert.Equal(PairOracle.Rows(times, 0.25, 2, 0.7), Rows(new IntervalSelector(0.25, 2, 0.7, 1 / rate), times));
    }

    [Fact]
    public void IrregularTimes_FollowTheRule()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            double[] times = IrregularTimes(random, 200, out double largestGap);
            double interval = 0.05 + random.NextDouble();
            double rowInterval = 0.05 + (2 * random.NextDouble());
            double phase = random.NextDouble() * rowInterval;

            List<FramePair> rows = Rows(new IntervalSelector(interval, rowInterval, phase, largestGap / 2), times);

            Assert.Equal(PairOracle.Rows(times, interval, rowInterval, phase), rows);
        }
    }

    [Fact]
    public void UnannouncedGap_StillPairsDifferentFramesInOrder()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            double[] times = IrregularTimes(random, 200, out _);
            List<FramePair> rows = Rows(new IntervalSelector(0.25, 0.25, 0, 1 / 240.0), times);

            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.True(row.Previous < row.Frame && row.Time == times[row.Frame]));
            Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.True(pair.First.Frame < pair.Second.Frame));
        }
    }

    [Fact]
    public void RareFrames_PairNeighbors()
    {
        double[] times = [0, 1, 2, 3];

        List<FramePair> rows = Rows(new IntervalSelector(0.25, 0.25, 0, 1), times);

        Assert.Equal([new(0, 1, 1), new(1, 2, 2), new(2, 3, 3)], rows);
    }

    [Fact]
    public void DefaultRows_ShareFrames()
    {
        double[] times = [.. Enumerable.Range(0, 100).Select(i => i / 24.0)];

        List<FramePair> rows = Rows(new IntervalSelector(0.25, 0.25, 0, 1 / 24.0), times);

        Assert.Equal(new FramePair(0, 6, 0.25), rows[0]);
        Assert.All(rows.Zip(rows.Skip(1)), pair => Assert.Equal(pair.First.Frame, pair.Second.Previous));
    }

    [Fact]
    public void FramesFarFromWantedTimes_AreNotRetrieved()
    {
        var selector = new IntervalSelector(0.25, 10, 0, 1 / 60.0);

        int retrieved = Enumerable.Range(0, 6000).Count(i => selector.Add(i / 60.0).Retrieve);

        Assert.InRange(retrieved, 20, 100);
    }

    [Fact]
    public void EveryFrame_PairsTheNearestEarlierFrame()
    {
        double[] times = [.. Enumerable.Range(0, 10).Select(i => i / 10.0)];

        List<FramePair> rows = Rows(new EveryFrameSelector(0.2), times);

        Assert.Equal([0, 0, 0, 1, 2, 3, 4, 5, 6, 7], rows.Select(r => r.Previous));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], rows.Select(r => r.Frame));
    }

    [Fact]
    public void EveryFrame_RareFrames_PairNeighborsNeverThemselves()
    {
        List<FramePair> rows = Rows(new EveryFrameSelector(0.25), [0, 1, 2, 3]);

        Assert.Equal([0, 0, 1, 2], rows.Select(r => r.Previous));
    }

    private static double[] IrregularTimes(Random random, int count, out double largestGap)
    {
        var times = new double[count];
        largestGap = 0.01;
        for (int i = 1; i < count; i++)
        {
            double gap = 0.01 + (random.Next(10) == 0 ? random.NextDouble() : 0.05 * random.NextDouble());
            times[i] = times[i - 1] + gap;
            largestGap = Math.Max(largestGap, gap);
        }
        return times;
    }

    /// <summary>Plays the part of the reader: a row may use only frames that were retrieved, kept, and not yet let go.</summary>
    private static List<FramePair> Rows(FrameSelector selector, double[] times)
    {
        var rows = new List<FramePair>();
        var kept = new HashSet<long>();
        bool lastRetrieved = false;
        for (int i = 0; i < times.Length; i++)
        {
            FrameUse use = selector.Add(times[i]);
            Assert.True(!use.KeepLast || lastRetrieved);
            Assert.True(!use.Keep || use.Retrieve);
            lastRetrieved = use.Retrieve;
            _ = use.KeepLast && kept.Add(i - 1);
            _ = use.Keep && kept.Add(i);
            while (selector.TryTake(out FramePair pair))
            {
                Assert.Contains(pair.Previous, kept);
                Assert.Contains(pair.Frame, kept);
                rows.Add(pair);
            }
            kept.RemoveWhere(frame => frame < selector.OldestNeeded);
            Assert.True(kept.Count <= 150);
        }
        return rows;
    }
}
