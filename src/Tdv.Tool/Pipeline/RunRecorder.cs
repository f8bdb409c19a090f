using Tdv.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// Writes every step into a run's folder, and passes it on. Nothing is written before the first: a training that is
/// refused, or was over before, leaves no trace.
/// </summary>
/// <param name="folder">The run's folder.</param>
/// <param name="videos">What is learned from, and measured on.</param>
/// <param name="next">Gets every step, too.</param>
internal sealed class RunRecorder(OutputFolder folder, HeldOutVideos videos, IProgress<StepReport> next)
    : IProgress<StepReport>,
        IDisposable
{
    private readonly MetricsFile _metrics = new(folder[RunFolder.MetricsName]);
    private readonly EventFile _events = new(
        folder[RunFolder.EventsName],
        name => folder.Claim($"{RunFolder.EventsName}/{name}")
    );

    /// <summary>Whether there was a step.</summary>
    public bool HasSteps { get; private set; }

    public void Report(StepReport value)
    {
        if (!HasSteps)
        {
            new RunFolder(folder.Path).NoteStart(folder, videos);
            folder.Claim(RunFolder.MetricsName);
            HasSteps = true;
        }

        _metrics.Report(value);
        _events.Report(value);
        next.Report(value);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _events.Dispose();
    }
}
