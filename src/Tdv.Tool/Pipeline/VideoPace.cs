namespace Tdv.Tool.Pipeline;

/// <summary>
/// The constant rate at which a video's frames are written, so that each is shown at its time: the encoder knows no
/// other. Pure arithmetic of the times.
/// </summary>
/// <param name="Rate">Frames per second, as exactly as the times have it.</param>
/// <param name="IsVarying">Whether frames have to be repeated, because they come at a varying rate.</param>
internal sealed record VideoPace(double Rate, bool IsVarying)
{
    private const double Fastest = 1000;
    private const double Slowest = 1;

    /// <summary>Of all frames, those that may come faster than the rate that is looked for: stamps that are mixed up.</summary>
    private const double Hasty = 0.02;

    /// <summary>Frames are repeated at most so many times on average, and a little more in short videos.</summary>
    private const int MostRepeats = 20;
    private const int FewFrames = 20_000;

    /// <summary>MPEG-4 counts time in at most so many parts of a second.</summary>
    private const double MostParts = 65_535;
    private const double Near = 0.05;
    private const double Exact = 0.005;

    /// <summary>The rate that the encoder takes.</summary>
    public double EncoderRate => Encodable(Rate);

    /// <summary>The frame of the written video, from 0, at which what is <paramref name="time"/> seconds from the start is shown.</summary>
    public long Slot(double time) => (long)Math.Round(time * Rate);

    /// <param name="times">Of all frames in seconds, ascending.</param>
    /// <param name="announced">Frames per second that the file tells.</param>
    public static VideoPace Of(IReadOnlyList<double> times, double announced)
    {
        if (times.Count < 2)
        {
            return new VideoPace(announced, IsVarying: false);
        }

        double length = times[^1] - times[0];
        double mean = (times.Count - 1) / length;
        foreach (double rate in new[] { announced, mean })
        {
            var pace = new VideoPace(rate, IsVarying: false);
            bool encodable = Math.Abs(pace.EncoderRate - rate) <= Exact * rate;
            if (encodable && times.Select((time, i) => pace.Slot(time - times[0]) == i).All(own => own))
            {
                return pace;
            }
        }

        double[] gaps = [.. times.Zip(times.Skip(1), (time, next) => next - time).Order()];
        double shortest = gaps[(int)(Hasty * gaps.Length)];
        double most = (FewFrames + ((double)MostRepeats * times.Count)) / length;
        bool isUsual = Math.Abs((announced * shortest) - 1) < Near && Hides(announced, times) == 0;
        double fastest = isUsual ? announced : 1 / shortest;
        return new VideoPace(Encodable(Math.Max(Slowest, Math.Min(fastest, Math.Min(Fastest, most)))), IsVarying: true);
    }

    /// <summary>Frames that others take the place of.</summary>
    private static int Hides(double rate, IReadOnlyList<double> times)
    {
        var pace = new VideoPace(rate, IsVarying: true);
        return times.Count - times.Select(time => pace.Slot(time - times[0])).Distinct().Count();
    }

    /// <summary>The nearest rate that OpenCV's writer, which thinks in thousandths, and MPEG-4 take.</summary>
    public static double Encodable(double rate)
    {
        double parts = new[] { 1000.0, 100, 10 }.FirstOrDefault(p => Math.Round(rate * p) <= MostParts, 1);
        return Math.Clamp(Math.Round(rate * parts), 1, MostParts) / parts;
    }
}
