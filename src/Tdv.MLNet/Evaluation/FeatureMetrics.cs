namespace Tdv.MLNet;

/// <summary>What frozen features know of a picture's pixels.</summary>
/// <param name="Probe">Masks painted by a classifier trained on the features.</param>
/// <param name="Neighbors">
/// Masks painted by the votes of the most similar training pixels, without any training; null if none were asked for.
/// </param>
public sealed record FeatureMetrics(MaskMetrics Probe, MaskMetrics? Neighbors);
