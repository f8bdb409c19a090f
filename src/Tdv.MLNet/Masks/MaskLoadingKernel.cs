using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Masks;

internal sealed class MaskLoadingKernel(
    MaskDecoder decoder,
    string folder,
    ValueGetter<ReadOnlyMemory<char>> path,
    ValueGetter<MLImage>? image
) : BatchKernel
{
    private ReadOnlyMemory<char> _path;
    private MLImage? _image;
    private uint[] _keys = [];

    public override void Read(int slot)
    {
        path(ref _path);
        image?.Invoke(ref _image!);
    }

    public override void Compute(int count)
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

        _keys = decoder.Decode(pixels, width, file);
    }

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        (ValueGetter<VBuffer<uint>>)(
            (ref VBuffer<uint> value) =>
            {
                slot();
                var editor = VBufferEditor.Create(ref value, _keys.Length);
                _keys.CopyTo(editor.Values);
                value = editor.Commit();
            }
        );

    public override void Dispose() => _image = null;

    // LoadImages keeps the path in the tag.
    private static string Name(MLImage picture) => string.IsNullOrEmpty(picture.Tag) ? "" : $"'{picture.Tag}'";
}
