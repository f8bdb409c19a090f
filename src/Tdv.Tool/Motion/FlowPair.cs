namespace Tdv.Tool.Motion;

/// <summary>Two frames and the true flow from the first to the second.</summary>
/// <param name="Name">In tables.</param>
/// <param name="From">The first frame's file.</param>
/// <param name="To">The second's.</param>
/// <param name="Truth">The flow's file.</param>
internal sealed record FlowPair(string Name, string From, string To, string Truth);
