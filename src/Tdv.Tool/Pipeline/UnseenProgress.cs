using Tdv.MLNet;
using Tdv.Tool.Reporting;

namespace Tdv.Tool.Pipeline;

/// <summary>What a training came to know of videos that it does not learn from: measured on the way, told at the end.</summary>
internal sealed class UnseenProgress
{
    private UnseenProgress(StepReport[] measured) => Measured = measured;

    /// <summary>The steps that were measured, in order; at least one.</summary>
    public IReadOnlyList<StepReport> Measured { get; }

    public StepReport Last => Measured[^1];

    /// <summary>The first after half of the steps.</summary>
    public StepReport HalfWay => Measured.First(step => step.Step >= Last.Step / 2.0);

    /// <summary>The one whose weights are kept.</summary>
    public StepReport Best => Measured.FirstOrDefault(step => step.Step == Last.BestStep) ?? Last;

    /// <summary>Bits a patch that a network with random weights has.</summary>
    public double Untrained => Last.Validation!.UntrainedInformation;

    /// <summary>Whether the best weights know more than an untrained network, and than nothing.</summary>
    public bool IsProof => Bits(Best) > Math.Max(0, Untrained);

    /// <param name="steps">Of a training, in order.</param>
    /// <returns>Null where nothing was measured.</returns>
    public static UnseenProgress? Of(IEnumerable<StepReport> steps)
    {
        StepReport[] measured = [.. steps.Where(step => step.Validation is not null)];
        return measured.Length == 0 ? null : new UnseenProgress(measured);
    }

    public static double Bits(StepReport step) => step.Validation!.PredictedInformation;

    /// <summary>The beginning, the middle and the end in words.</summary>
    public override string ToString()
    {
        var shown = new[] { Measured[0], HalfWay, Last }.DistinctBy(step => step.Step);
        return $"bits that it knows of the next frame of unseen videos, for each patch: {string.Join(", ", shown.Select(Text))} "
            + $"(an untrained network: {Figure.Text(Untrained)})";
    }

    private static string Text(StepReport step) =>
        $"{Figure.Text(Bits(step))} after {Figure.Text(step.Elapsed)} and step {step.Step:N0}";
}
