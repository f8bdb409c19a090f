using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.PixelWise;

/// <summary>Reads the size of a row's image. The image stays upstream's: it is not disposed here.</summary>
internal sealed class PictureSize(DataViewRow row, DataViewSchema.Column column)
{
    private readonly ValueGetter<MLImage> _getter = row.GetGetter<MLImage>(column);
    private MLImage? _image;

    /// <summary>The image that was read last.</summary>
    public MLImage? Image => _image;

    public (int Height, int Width) Read()
    {
        _getter(ref _image!);
        return _image is { } image
            ? (image.Height, image.Width)
            : throw new InvalidDataException(
                $"Row {row.Position}: the image in '{column.Name}', whose size the mask has, is missing."
            );
    }
}
