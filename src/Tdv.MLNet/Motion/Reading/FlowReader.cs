using Tdv.MLNet.Foundation;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>A fitted reading of flow: what it reads, and the map from that to flow.</summary>
/// <param name="FeatureColumnNames">Side by side.</param>
/// <param name="Depths">Features of a cell in each column.</param>
/// <param name="Neighborhood">Cells to each side.</param>
/// <param name="Map">From a cell's features and its neighbors' to u, v.</param>
/// <param name="Regularization">λ.</param>
internal sealed record FlowReader(
    IReadOnlyList<string> FeatureColumnNames,
    IReadOnlyList<int> Depths,
    int Neighborhood,
    AffineMap Map,
    double Regularization
)
{
    /// <summary>u and v.</summary>
    public const int Targets = 2;
    private const int LargestNeighborhood = 1000;

    public void Save(BinaryWriter writer)
    {
        writer.Write(Neighborhood);
        writer.Write(Regularization);
        writer.Write(FeatureColumnNames.Count);
        for (int i = 0; i < FeatureColumnNames.Count; i++)
        {
            writer.Write(FeatureColumnNames[i]);
            writer.Write(Depths[i]);
        }

        Map.Save(writer);
    }

    /// <exception cref="InvalidDataException">Its numbers do not fit one another.</exception>
    public static FlowReader Load(BinaryReader reader)
    {
        int neighborhood = reader.ReadInt32();
        double regularization = reader.ReadDouble();
        int count = reader.ReadCount(sizeof(int) + 1, "feature columns");
        var names = new string[count];
        var depths = new int[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = reader.ReadString();
            depths[i] = reader.ReadInt32();
        }

        var map = AffineMap.Load(reader);
        bool fits =
            neighborhood is >= 0 and <= LargestNeighborhood
            && depths.All(depth => depth > 0)
            && map.Outputs == Targets
            && map.Inputs == depths.Sum(depth => (decimal)depth) * (decimal)Math.Pow((2 * neighborhood) + 1, 2);
        return fits
            ? new(names, depths, neighborhood, map, regularization)
            : throw new InvalidDataException(
                $"The saved ReadFlow step is damaged: it maps {map.Inputs} numbers to {map.Outputs}, for {neighborhood} "
                    + $"neighbors to each side and columns of [{string.Join(", ", depths)}] features. Save the model again."
            );
    }
}
