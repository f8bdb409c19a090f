using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>How well flow was read.</summary>
/// <param name="Network">What computed the features.</param>
/// <param name="Features">Which.</param>
/// <param name="Regularization">λ; NaN where nothing was fitted.</param>
/// <param name="Made">Mean error of a cell of held-out made pairs, in pixels of the size that was read at.</param>
/// <param name="Real">For each true pair in its own pixels, in their order.</param>
internal sealed record ReadingResult(
    string Network,
    string Features,
    double Regularization,
    double Made,
    IReadOnlyList<FlowMetrics> Real
);
