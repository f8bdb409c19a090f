using Tdv.MLNet.Training;
using Tdv.Samples.Output;

namespace Tdv.Samples.Pipeline;

/// <summary>Writes every step into a run's folder, and passes it on.</summary>
internal sealed class RunRecorder(RunFolder run, IProgress<StepReport> next) : IProgress<StepReport>, IDisposable
{
    private readonly MetricsFile _metrics = new(run.Metrics);
    private readonly EventFile _events = new(run.Events);

    public void Report(StepReport value)
    {
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
