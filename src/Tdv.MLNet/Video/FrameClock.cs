namespace Tdv.MLNet.Video;

/// <summary>
/// Times of frames from their time stamps, always ascending. A clock that jumps (a camera that learns the date, recordings
/// joined, a damaged stamp) costs one step; gaps of a recording that was paused stay.
/// </summary>
/// <param name="rate">Frames per second as announced.</param>
internal sealed class FrameClock(double rate)
{
    /// <summary>Seconds that a gap may have, unless frames usually are far apart.</summary>
    private const double LongestGap = 60;

    /// <summary>Times the usual gap that a gap may have where frames are far apart.</summary>
    private const double Larger = 3;

    /// <summary>Seconds that no gap may have.</summary>
    private const double Day = 24 * 60 * 60;

    /// <summary>Seconds between frames; less comes of rounding.</summary>
    private const double Shortest = 0.0005;

    /// <summary>Seconds that a stamp may lie before the last one: damaged streams mix them up.</summary>
    private const double Disorder = 1;
    private readonly double _step = 1 / rate;
    private double _stamp;
    private double _offset;
    private double _largest;
    private bool _started;

    /// <summary>Seconds of the latest frame.</summary>
    public double Time { get; private set; }

    /// <summary>By how many seconds the clock jumped before the latest frame; 0 if it did not.</summary>
    public double Jump { get; private set; }

    /// <summary>Seconds that all jumps forwards have left out.</summary>
    public double LeftOut { get; private set; }

    /// <param name="stamp">Of the next frame, in seconds; 0 where it has none.</param>
    public void Advance(double stamp)
    {
        Jump = 0;
        if (!_started)
        {
            _started = true;
            Time = _stamp = double.IsFinite(stamp) ? stamp : 0;
            return;
        }

        double gap = stamp - _stamp;
        if (stamp == 0 || !double.IsFinite(gap))
        {
            Time += _step;
            return;
        }

        _stamp = stamp;
        if (gap < -Disorder || gap > Math.Min(Day, Math.Max(LongestGap, Larger * Math.Max(_largest, _step))))
        {
            Jump = gap;
            LeftOut += Math.Max(0, gap - _step);
            Time += _step;
            _offset = Time - stamp;
            return;
        }

        _largest = Math.Max(_largest, gap);
        // Stamps that stand still or run backwards a little: the announced rate goes on.
        double time = stamp + _offset;
        Time = time - Time > Math.Min(Shortest, _step / 4) ? time : Time + _step;
    }
}
