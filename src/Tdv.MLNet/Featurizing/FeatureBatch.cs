namespace Tdv.MLNet.Featurizing;

/// <summary>What one cursor or row gives an engine, again and again: pictures in, features out, in the same memory.</summary>
/// <param name="Frames">RGB, <c>[capacity, height, width, 3]</c>.</param>
/// <param name="Previous">The frames before, likewise; empty unless an output needs them.</param>
/// <param name="Results">Room for each output that somebody reads, and for no other.</param>
internal sealed record FeatureBatch(byte[] Frames, byte[] Previous, IReadOnlyDictionary<FeatureOutput, float[]> Results)
{
    public bool NeedsPrevious => Results.Keys.Any(output => output.NeedsPrevious);
}
