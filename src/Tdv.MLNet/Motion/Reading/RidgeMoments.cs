namespace Tdv.MLNet.Motion;

/// <summary>Of examples, inputs first, then targets.</summary>
/// <param name="Means"><c>[dimension]</c>.</param>
/// <param name="Covariances"><c>[dimension, dimension]</c>.</param>
internal sealed record RidgeMoments(double[] Means, double[,] Covariances);
