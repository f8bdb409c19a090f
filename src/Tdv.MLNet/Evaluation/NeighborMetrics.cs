namespace Tdv.MLNet;

/// <summary>How often the nearest neighbors vote for the right class.</summary>
/// <param name="Neighbors">The neighbors that vote.</param>
/// <param name="Top1Accuracy">The part of the rows whose class gets most of the votes, 0 to 1.</param>
/// <param name="Top5Accuracy">The part of the rows whose class is among the five with most votes, 0 to 1.</param>
/// <param name="RowCount">The rows that were counted: those with a class.</param>
public sealed record NeighborMetrics(int Neighbors, double Top1Accuracy, double Top5Accuracy, long RowCount);
