using Tdv.MLNet;
using Tdv.MLNet.Training;

namespace Tdv.Studies;

/// <summary>Keeps a training's prediction gains.</summary>
internal sealed class StepReports : IProgress<StepReport>
{
    private readonly List<double> _gains = [];

    public void Report(StepReport value) => _gains.Add(value.PredictionGain);

    /// <summary>The mean over the last tenth of the steps: single ones are noisy.</summary>
    public double LastGain => Gain.Mean(_gains.TakeLast(Math.Max(1, _gains.Count / 10)));
}
