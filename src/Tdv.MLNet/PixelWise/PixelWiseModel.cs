using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;

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

    /// <exception cref="InvalidDataException">No classifier can have been saved so.</exception>
    public PixelWiseModel LoadPainting(BinaryReader reader)
    {
        var stride = reader.ReadInt32();
        var followEdges = reader.ReadBoolean();
        return stride >= 0 && (Options.ImageColumnName is not null || (stride == 0 && !followEdges))
            ? this with
            {
                Options = Options with { Stride = stride == 0 ? null : stride, FollowEdges = followEdges },
            }
            : throw new InvalidDataException(
                $"The saved pixel classifier is damaged: stride {stride}, edges {followEdges}, image column "
                    + $"'{Options.ImageColumnName}' do not fit. Save it again."
            );
    }

    public static PixelWiseModel Load(BinaryReader reader)
    {
        var names = new string[reader.ReadCount(1 + sizeof(int), "feature columns")];
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
        var model = new PixelWiseModel(options, legend, classes, depths, whitening, probabilities);
        model.CheckLoaded();
        return model;
    }

    /// <summary>The parts come from a file, which may say anything, and must fit each other.</summary>
    /// <exception cref="InvalidDataException">They do not.</exception>
    private void CheckLoaded()
    {
        long dimension = Depths.Sum(depth => (long)depth) + (Options.PositionFeatures ? GridColumns.PositionCount : 0);
        bool fits =
            Depths.Count > 0
            && Depths.All(depth => depth > 0)
            && dimension <= int.MaxValue
            && Classes.Count > 0
            && Classes.Total == Legend.Count
            && (Whitening is null || (Whitening.Inputs == dimension && Whitening.Outputs > 0));
        if (!fits)
        {
            throw new InvalidDataException(
                $"The saved pixel classifier is damaged: features [{string.Join(", ", Depths.Take(20))}], {Legend.Count} "
                    + $"classes of {Classes.Total} and a whitening of {Whitening?.Inputs ?? 0} features do not fit. Save it again."
            );
        }
    }
}
