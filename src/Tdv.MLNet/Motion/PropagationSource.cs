using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>The columns that masks are carried by.</summary>
internal sealed record PropagationSource(
    DataViewSchema.Column Features,
    DataViewSchema.Column Mask,
    DataViewSchema.Column? MaskSize,
    DataViewSchema.Column? Image,
    DataViewSchema.Column? Video
)
{
    private const string Headline = "PropagateMasks cannot work:";

    public int Rows => Grid[0];

    public int Columns => Grid[1];

    public int Depth => Grid[2];

    public IEnumerable<DataViewSchema.Column> All =>
        new[] { Features, Mask, MaskSize, Image, Video }.OfType<DataViewSchema.Column>();

    private IReadOnlyList<int> Grid => ((VectorDataViewType)Features.Type).Dimensions;

    /// <exception cref="ArgumentException">Options or columns do not fit: all faults are listed.</exception>
    public static PropagationSource Bind(DataViewSchema schema, PropagationOptions options)
    {
        var faults = new Faults();
        options.Check(faults);
        var features = Find(options.FeatureColumnName, ColumnKind.Grid);
        var mask = Find(options.MaskColumnName, ColumnKind.Mask);
        var image = Find(options.ImageColumnName, ColumnKind.Image);
        var video = Find(options.VideoColumnName, ColumnKind.Text);
        if (features is { Type: VectorDataViewType type })
        {
            long pixels = (long)type.Dimensions[0] * type.Dimensions[1] * options.PatchSize * options.PatchSize;
            faults.Check(
                pixels <= Array.MaxLength,
                $"PatchSize is {options.PatchSize}: a grid of {type.Dimensions[0]}×{type.Dimensions[1]} cells would have "
                    + $"{pixels} pixels; at most {Array.MaxLength} are possible."
            );
        }

        faults.ThrowIfAny(Headline);
        return new(features!.Value, mask!.Value, Masks.MaskSize.Find(schema, mask.Value.Name), image, video);

        DataViewSchema.Column? Find(string? name, ColumnKind kind) =>
            string.IsNullOrWhiteSpace(name) ? null : ColumnCheck.Require(schema, name, kind, faults);
    }
}
