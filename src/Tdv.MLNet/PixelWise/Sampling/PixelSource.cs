using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>The columns pixels are taken from: features, mask and, if masks have the image's size, the image.</summary>
internal sealed record PixelSource(
    GridColumns Grid,
    DataViewSchema.Column Mask,
    DataViewSchema.Column? MaskSize,
    DataViewSchema.Column? Image
)
{
    /// <summary>The columns that decide which pixels there are.</summary>
    public IEnumerable<DataViewSchema.Column> MaskColumns =>
        new DataViewSchema.Column?[] { Mask, MaskSize, Image }.OfType<DataViewSchema.Column>();

    public static PixelSource Bind(DataViewSchema schema, PixelExpansionOptions options, string headline)
    {
        var faults = new Faults();
        var grid = GridColumns.Bind(schema, options.FeatureColumnNames, options.PositionFeatures, faults);
        var image = BindImage(schema, options.ImageColumnName, faults);
        var mask = ColumnCheck.Require(schema, options.LabelColumnName, ColumnKind.Mask, faults);
        if (grid is not null && image is null && mask is { Type: VectorDataViewType { Size: > 0 } type })
        {
            faults.Check(
                type.Dimensions is [var height, var width]
                    ? (height, width) == (grid.Height, grid.Width)
                    : type.Size == grid.Cells,
                $"mask column '{options.LabelColumnName}' has {string.Join("×", type.Dimensions)} pixels, but the feature grid has "
                    + $"{grid.Height}×{grid.Width} = {grid.Cells} cells. Set ImageColumnName to the image the masks "
                    + "belong to."
            );
        }

        faults.ThrowIfAny(headline);
        return new PixelSource(grid!, mask!.Value, Masks.MaskSize.Find(schema, options.LabelColumnName), image);
    }

    /// <param name="name">Null: masks lie on the feature grid.</param>
    public static DataViewSchema.Column? BindImage(DataViewSchema schema, string? name, Faults faults) =>
        name is null ? null : ColumnCheck.Require(schema, name, ColumnKind.Image, faults);
}
