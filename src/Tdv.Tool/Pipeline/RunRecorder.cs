using Tdv.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// Writes every step into a run's folder, and passes it on. Nothing is written before the first: a training that is
/// refused, or was over before, leaves no trace.
/// </summary>
/// <param name="run">The folder.</param>
/// <param name="videos">What the user named.</param>
/// <param name="next">Gets every step, too.</param>
internal sealed class RunRecorder(RunFolder run, string videos, IProgress<StepReport> next)
    : IProgress<StepReport>,
        IDisposable
{
    private readonly MetricsFile _metrics = new(run.Metrics);
    private readonly EventFile _events = new(run.Events);

    /// <summary>Whether there was a step.</summary>
    public bool HasSteps { get; private set; }

    public void Report(StepReport value)
    {
        if (!HasSteps)
        {
            run.NoteStart(videos);
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
