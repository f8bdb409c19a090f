namespace Tdv.MLNet.Training;

/// <summary>Says in plain words when a training goes wrong, and what to change; each thing once until it is over.</summary>
internal sealed class HealthAdvice
{
    private readonly HashSet<string> _said = [];

    public IEnumerable<string> On(StepReport report) => _said;
}
