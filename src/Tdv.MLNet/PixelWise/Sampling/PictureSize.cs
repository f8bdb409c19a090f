using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.PixelWise;

/// <summary>Reads the size of a row's mask: its image's, else the grid's. The image is upstream's: it is not disposed here.</summary>
internal sealed class PictureSize(DataViewRow row, DataViewSchema.Column? column, GridColumns grid)
{
    private readonly ValueGetter<MLImage>? _getter = column is { } given ? row.GetGetter<MLImage>(given) : null;
    private MLImage? _image;

    /// <summary>The image that was read last.</summary>
    public MLImage? Image => _image;

    public (int Height, int Width) Read()
    {
        if (_getter is null)
        {
            return (grid.Height, grid.Width);
        }

        _getter(ref _image!);
        return _image is { } image
            ? (image.Height, image.Width)
            : throw new InvalidDataException(
                $"Row {row.Position}: the image in '{column!.Value.Name}', whose size the mask has, is missing."
            );
    }
}
