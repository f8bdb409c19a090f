using Tdv.MLNet.Video;

namespace Tdv.MLNet.Tests.Video;

/// <summary>The documented rule, computed the slow way from all times at once.</summary>
internal static class PairOracle
{
    public static List<FramePair> Rows(double[] times, double interval, double rowInterval, double phase = 0)
    {
        var rows = new List<FramePair>();
        for (int k = 0; ; k++)
        {
            double start = times[0] + phase + (k * rowInterval);
            if (start + interval > times[^1] + FrameSelector.Tolerance)
            {
                return rows;
            }
            long previous = Nearest(times, start);
            long frame = Nearest(times, start + interval);
            frame = frame == previous ? frame + 1 : frame;
            if (frame < times.Length && (rows.Count == 0 || frame > rows[^1].Frame))
            {
                rows.Add(new FramePair(previous, frame, times[frame]));
            }
        }
    }

    private static int Nearest(double[] times, double wanted)
    {
        int best = 0;
        for (int i = 1; i < times.Length; i++)
        {
            double gain = Math.Abs(times[best] - wanted) - Math.Abs(times[i] - wanted);
            best = gain > FrameSelector.Tolerance ? i : best;
        }
        return best;
    }
}
