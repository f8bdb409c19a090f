using Tdv.MLNet.Foundation;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>A fitted reading of flow: what it reads, and the way from that to flow.</summary>
/// <param name="FeatureColumnNames">Side by side.</param>
/// <param name="Depths">Features of a cell in each column.</param>
/// <param name="Layers">From a cell's features to u, v; all but the last are rectified.</param>
/// <param name="HeldOutError">Mean end-point error on rows kept back from training, in pixels.</param>
internal sealed record FlowReader(
    IReadOnlyList<string> FeatureColumnNames,
    IReadOnlyList<int> Depths,
    IReadOnlyList<FlowLayer> Layers,
    double HeldOutError
)
{
    /// <summary>u and v.</summary>
    public const int Targets = 2;

    /// <param name="cells"><c>[height, width, D]</c></param>
    /// <param name="height">In cells.</param>
    /// <param name="width">In cells.</param>
    /// <returns><c>[height, width, 2]</c>, in pixels.</returns>
    public float[] Read(float[] cells, int height, int width)
    {
        for (int i = 0; i < Layers.Count; i++)
        {
            cells = Layers[i].Apply(cells, height, width, rectify: i < Layers.Count - 1);
        }

        return cells;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(HeldOutError);
        writer.Write(FeatureColumnNames.Count);
        for (int i = 0; i < FeatureColumnNames.Count; i++)
        {
            writer.Write(FeatureColumnNames[i]);
            writer.Write(Depths[i]);
        }

        writer.Write(Layers.Count);
        foreach (var layer in Layers)
        {
            writer.Write(layer.Radius);
            layer.Map.Save(writer);
        }
    }

    /// <exception cref="InvalidDataException">Its numbers do not fit one another.</exception>
    public static FlowReader Load(BinaryReader reader)
    {
        double error = reader.ReadDouble();
        int count = reader.ReadCount(sizeof(int) + 1, "feature columns");
        var names = new string[count];
        var depths = new int[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = reader.ReadString();
            depths[i] = reader.ReadInt32();
        }

        var layers = new FlowLayer[reader.ReadCount(3 * sizeof(int), "layers")];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = new(reader.ReadInt32(), AffineMap.Load(reader));
        }

        return depths.All(depth => depth > 0) && Fit(layers, depths.Sum(depth => (long)depth))
            ? new(names, depths, layers, error)
            : throw new InvalidDataException(
                $"The saved ReadFlow step is damaged: columns of [{string.Join(", ", depths)}] features do not become "
                    + $"{Targets} numbers by layers of [{string.Join(", ", layers.Select(Text))}]. Save the model again."
            );
    }

    /// <summary>Whether each layer takes what the one before gives, from features to flow.</summary>
    private static bool Fit(FlowLayer[] layers, long inputs)
    {
        foreach (var layer in layers)
        {
            if (!layer.IsWhole || layer.Inputs != inputs)
            {
                return false;
            }

            inputs = layer.Map.Outputs;
        }

        return layers.Length > 0 && inputs == Targets;
    }

    private static string Text(FlowLayer layer) => $"{layer.Map.Inputs} → {layer.Map.Outputs}";
}
