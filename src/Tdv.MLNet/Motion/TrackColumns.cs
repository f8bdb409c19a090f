using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>The columns that points are followed in.</summary>
/// <param name="Features">The grid.</param>
/// <param name="Video">Null: all rows are one video.</param>
/// <param name="Image">Null: the picture's size is given.</param>
internal sealed record TrackColumns(
    DataViewSchema.Column Features,
    DataViewSchema.Column? Video,
    DataViewSchema.Column? Image
)
{
    /// <summary>x and y.</summary>
    public const int Coordinates = 2;

    public IEnumerable<DataViewSchema.Column> All => new[] { Features, Video, Image }.OfType<DataViewSchema.Column>();

    /// <summary>Rows, columns and depth of the grid.</summary>
    public IReadOnlyList<int> Shape => ((VectorDataViewType)Features.Type).Dimensions;

    /// <summary>Finds them; what is wrong with them is added to the faults.</summary>
    public static TrackColumns Bind(DataViewSchema schema, TrackingOptions options, Faults faults)
    {
        var features = ColumnCheck.Require(schema, options.FeatureColumnName, ColumnKind.Grid, faults);
        var video = options.VideoColumnName is { } name
            ? ColumnCheck.Require(schema, name, ColumnKind.Text, faults)
            : null;
        var image = options.PictureHeight is null
            ? ColumnCheck.Require(schema, options.ImageColumnName, ColumnKind.Image, faults)
            : null;
        return new(features.GetValueOrDefault(), video, image);
    }
}
