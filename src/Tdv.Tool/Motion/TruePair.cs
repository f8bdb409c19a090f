using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>Two pictures whose flow is known.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Previous">The first picture's file.</param>
/// <param name="Frame">The second one's.</param>
/// <param name="Truth">From the first to the second, of the pictures' own size.</param>
internal sealed record TruePair(string Name, string Previous, string Frame, FlowField Truth);
