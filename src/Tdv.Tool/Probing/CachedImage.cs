using Microsoft.ML.Data;

namespace Tdv.Tool.Probing;

/// <summary>One labeled image in memory.</summary>
/// <param name="Id">Its row among all, which decides which pixels are drawn from it.</param>
/// <param name="Features">A grid for each column of features.</param>
/// <param name="Mask">Keys.</param>
/// <param name="Frame">An empty image of its size.</param>
internal sealed record CachedImage(int Id, float[][] Features, uint[] Mask, MLImage Frame);
