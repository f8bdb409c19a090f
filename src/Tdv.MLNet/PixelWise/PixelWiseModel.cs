namespace Tdv.MLNet.PixelWise;

/// <summary>What a trained pixel classifier is besides its row model.</summary>
/// <param name="Options">The column names and whether positions are appended; the sampling is not saved.</param>
/// <param name="Legend">All classes.</param>
/// <param name="Classes">Those the row model knows.</param>
/// <param name="Depths">The number of features of each feature column.</param>
/// <param name="Whitening">From raw to whitened features, or null.</param>
/// <param name="Probabilities">The row model's scores are probabilities.</param>
internal sealed record PixelWiseModel(
    PixelWiseOptions Options,
    MaskLegend Legend,
    PresentClasses Classes,
    IReadOnlyList<int> Depths,
    AffineMap? Whitening,
    bool Probabilities
)
{
    public int Dimension => Depths.Sum() + (Options.PositionFeatures ? GridColumns.PositionCount : 0);

    public void Save(BinaryWriter writer)
    {
        writer.Write(Depths.Count);
        for (var i = 0; i < Depths.Count; i++)
        {
            writer.Write(Options.FeatureColumnNames[i]);
            writer.Write(Depths[i]);
        }

        writer.Write(Options.ImageColumnName is not null);
        writer.Write(Options.ImageColumnName ?? "");
        writer.Write(Options.PredictedLabelColumnName);
        writer.Write(Options.ScoreColumnName);
        writer.Write(Options.PositionFeatures);
        writer.Write(Probabilities);
        Legend.Save(writer);
        Classes.Save(writer);
        writer.Write(Whitening is not null);
        Whitening?.Save(writer);
    }

    /// <summary>What later versions added, in an entry of its own: models saved before have none.</summary>
    public void SavePainting(BinaryWriter writer)
    {
        writer.Write(Options.Stride ?? 0);
        writer.Write(Options.FollowEdges);
    }

    public PixelWiseModel LoadPainting(BinaryReader reader)
    {
        var stride = reader.ReadInt32();
        return this with
        {
            Options = Options with { Stride = stride == 0 ? null : stride, FollowEdges = reader.ReadBoolean() },
        };
    }

    public static PixelWiseModel Load(BinaryReader reader)
    {
        var names = new string[reader.ReadInt32()];
        var depths = new int[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadString();
            depths[i] = reader.ReadInt32();
        }

        var hasImage = reader.ReadBoolean();
        var image = reader.ReadString();
        var options = new PixelWiseOptions
        {
            FeatureColumnNames = names,
            ImageColumnName = hasImage ? image : null,
            PredictedLabelColumnName = reader.ReadString(),
            ScoreColumnName = reader.ReadString(),
            PositionFeatures = reader.ReadBoolean(),
        };
        var probabilities = reader.ReadBoolean();
        var legend = MaskLegend.Load(reader);
        var classes = PresentClasses.Load(reader);
        var whitening = reader.ReadBoolean() ? AffineMap.Load(reader) : null;
        return new(options, legend, classes, depths, whitening, probabilities);
    }
}
