using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.PixelWise;

/// <summary>Reads a row's mask and how it is stretched over the feature grid.</summary>
internal sealed class MaskReader
{
    private readonly DataViewRow _row;
    private readonly PixelSource _source;
    private readonly SizedMask _mask;
    private readonly PictureSize _size;

    public MaskReader(DataViewRow row, PixelSource source)
    {
        _row = row;
        _source = source;
        _mask = new SizedMask(row, source.Mask);
        _size = new PictureSize(row, source.Image, source.Grid);
        Stretch = new PictureStretch(source.Grid.Height, source.Grid.Width, source.Grid.Height, source.Grid.Width);
    }

    /// <summary>The current row's keys, one per pixel.</summary>
    public ReadOnlySpan<uint> Keys => _mask.Keys;

    public PictureStretch Stretch { get; private set; }

    public void Read()
    {
        _mask.Read();
        var grid = _source.Grid;
        var (height, width) = _size.Read();
        if (!_mask.Fits(height, width))
        {
            var other = _source.Image is { } image ? $"its image in '{image.Name}'" : "the feature grid";
            throw new InvalidDataException(
                $"Row {_row.Position}: the mask in '{_source.Mask.Name}' {_mask.Description}, but {other} is "
                    + $"{width}×{height} = {(long)height * width}. A mask must have the size of what it labels."
                    + _mask.Hint(height, width)
            );
        }

        if (!Stretch.Fits(height, width))
        {
            Stretch = new PictureStretch(height, width, grid.Height, grid.Width);
        }
    }
}
