using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Masks;

internal sealed class MaskLoadingKernel(
    MaskDecoder decoder,
    string folder,
    ValueGetter<ReadOnlyMemory<char>> path,
    ValueGetter<MLImage>? image
) : ColumnKernel<uint>
{
    private ReadOnlyMemory<char> _path;
    private MLImage? _image;

    public override void Read(int slot)
    {
        path(ref _path);
        image?.Invoke(ref _image!);
    }

    protected override uint[] Compute()
    {
        var file = Path.Combine(folder, _path.ToString());
        var (pixels, width, height) = MaskFile.Read(file);
        if (_image is { } picture && (picture.Width != width || picture.Height != height))
        {
            throw new InvalidDataException(
                $"The mask '{file}' is {width}×{height} pixels, but its image {Name(picture)} is "
                    + $"{picture.Width}×{picture.Height}. A mask must have its image's size."
            );
        }

        return decoder.Decode(pixels, width, file);
    }

    // LoadImages keeps the path in the tag.
    private static string Name(MLImage picture) => string.IsNullOrEmpty(picture.Tag) ? "" : $"'{picture.Tag}'";
}
