namespace Tdv.Tool.Motion;

/// <summary>A number that changes smoothly with time: two sines by lot.</summary>
internal sealed class SmoothPath
{
    private const double Slowest = 0.15;
    private const double Fastest = 0.6;
    private readonly (double Amplitude, double Frequency, double Phase)[] _waves;

    /// <param name="random">Source of frequencies and phases.</param>
    /// <param name="amplitude">The most that it leaves its middle by.</param>
    public SmoothPath(Random random, double amplitude) =>
        _waves = [
            .. new[] { 0.7, 0.3 }.Select(part =>
                (
                    part * amplitude,
                    Math.Tau * (Slowest + ((Fastest - Slowest) * random.NextDouble())),
                    Math.Tau * random.NextDouble()
                )
            ),
        ];

    /// <param name="time">From 0, the clip's first frame, to 1, its last.</param>
    public double At(double time) =>
        _waves.Sum(wave => wave.Amplitude * Math.Sin((wave.Frequency * time) + wave.Phase));
}
