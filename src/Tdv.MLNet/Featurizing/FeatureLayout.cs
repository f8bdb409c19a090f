using Tdv.MLNet.Model;

namespace Tdv.MLNet.Featurizing;

/// <summary>What the shapes of features are made of; rows and columns of the grid are names where any image size is possible.</summary>
internal sealed record FeatureLayout(OnnxSize Rows, OnnxSize Columns, int Dimension, int Layers, int Heads)
{
    /// <summary>Of a patch's feature, layers·D.</summary>
    public int Width => Layers * Dimension;

    public static FeatureLayout Of(FeatureSettings settings, NetworkOptions network) =>
        Of(settings.ImageHeight / network.PatchSize, settings.ImageWidth / network.PatchSize, settings, network);

    public static FeatureLayout Of(OnnxSize rows, OnnxSize columns, FeatureSettings settings, NetworkOptions network) =>
        new(rows, columns, network.Dimension, settings.Layers.Count, network.Heads);

    /// <summary>The shape of an output's value for one frame, of known sizes.</summary>
    public int[] Shape(FeatureOutput output) => [.. output.Shape(this).Select(size => (int)size.Value)];

    /// <summary>Values of an output for one frame.</summary>
    public int Length(FeatureOutput output) => Shape(output).Aggregate((product, size) => product * size);
}
