using System.Diagnostics;

namespace Tdv.MLNet.Pretraining;

/// <summary>Says when the next checkpoint is due.</summary>
internal sealed class CheckpointTimer(TdvOptions options)
{
    public const int MostMinutes = 10_000;
    private const double DefaultMinutes = 10;
    private readonly TimeSpan _interval = TimeSpan.FromMinutes(options.CheckpointEveryMinutes ?? DefaultMinutes);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    public bool IsDue(long step) =>
        (options.CheckpointEverySteps is { } steps && step % steps == 0) || _sinceLast.Elapsed >= _interval;

    public void Restart() => _sinceLast.Restart();
}
