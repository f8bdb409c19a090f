namespace Tdv.Tool.Reporting;

/// <summary>A figure over the steps of a training.</summary>
/// <param name="Title">Its name.</param>
/// <param name="Meaning">What it is, and which way is good, in one sentence.</param>
/// <param name="Points">Step and value, in order; values that are no numbers are left out.</param>
/// <param name="Reference">A value to compare with, drawn as a line; null: none.</param>
/// <param name="Jumps">Whether it jumps from step to step, so that a mean through it is worth more than itself.</param>
internal sealed record Curve(
    string Title,
    string Meaning,
    IReadOnlyList<(double Step, double Value)> Points,
    double? Reference = null,
    bool Jumps = true
);
