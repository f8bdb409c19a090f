using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.PixelWise;

/// <summary>The columns pixels are taken from: features, mask and, if masks have the image's size, the image.</summary>
internal sealed record PixelSource(GridColumns Grid, DataViewSchema.Column Mask, DataViewSchema.Column? Image)
{
    /// <summary>The columns that decide which pixels there are.</summary>
    public IEnumerable<DataViewSchema.Column> MaskColumns => Image is { } image ? [Mask, image] : [Mask];

    public static PixelSource Bind(DataViewSchema schema, PixelExpansionOptions options, string headline)
    {
        var faults = new Faults();
        var grid = GridColumns.Bind(schema, options.FeatureColumnNames, options.PositionFeatures, faults);
        var image = BindImage(schema, options.ImageColumnName, faults);
        var mask = BindMask(schema, options.LabelColumnName, faults);
        if (grid is not null && image is null && mask is { Type: VectorDataViewType { Size: > 0 } type })
        {
            faults.Check(
                type.Size == grid.Cells,
                $"mask column '{options.LabelColumnName}' has {type.Size} pixels, but the feature grid has "
                    + $"{grid.Height}×{grid.Width} = {grid.Cells} cells. Set ImageColumnName to the image the masks "
                    + "belong to."
            );
        }

        faults.ThrowIfAny(headline);
        return new PixelSource(grid!, mask!.Value, image);
    }

    public static DataViewSchema.Column? BindImage(DataViewSchema schema, string? name, Faults faults)
    {
        if (name is null)
        {
            return null;
        }

        if (schema.GetColumnOrNull(name) is not { } column)
        {
            faults.Add(
                $"there is no image column '{name}'. Set ImageColumnName to the image whose size masks have, or to null "
                    + "for masks on the feature grid."
            );
            return null;
        }

        faults.Check(column.Type is ImageDataViewType, $"column '{name}' is of type {column.Type}; Image is expected.");
        return column;
    }

    public static DataViewSchema.Column? BindMask(DataViewSchema schema, string name, Faults faults)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            faults.Add($"there is no mask column '{name}'.");
            return null;
        }

        var fits =
            column.Type is VectorDataViewType { ItemType: KeyDataViewType { Count: <= int.MaxValue } key }
            && key.RawType == typeof(uint);
        faults.Check(fits, $"mask column '{name}' is of type {column.Type}; Vector<Key<UInt32>> is expected.");
        return fits ? column : null;
    }
}
