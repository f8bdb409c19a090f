using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>
/// Copies images in, because upstream may dispose or reuse them as soon as it moves on (a ResizeImages with nothing to
/// do returns the very image that LoadImages disposes on the next row), and out, because the consumer owns what it gets.
/// </summary>
internal sealed class ImageColumnBuffer(DataViewRow input, DataViewSchema.Column column, int capacity) : ColumnBuffer
{
    private readonly ValueGetter<MLImage> _input = input.GetGetter<MLImage>(column);
    private readonly MLImage?[] _values = new MLImage?[capacity];
    private MLImage? _current;

    public override void Read(int slot)
    {
        _input(ref _current!);
        _values[slot]?.Dispose();
        _values[slot] = Copy(_current);
    }

    public override Delegate CreateGetter(Func<int> slot) =>
        (ValueGetter<MLImage>)(
            (ref MLImage value) =>
            {
                var source = _values[slot()];
                value?.Dispose();
                value = Copy(source)!;
            }
        );

    public override void Dispose()
    {
        // Not disposed: it is upstream's, perhaps the user's own image.
        _current = null;
        for (var i = 0; i < _values.Length; i++)
        {
            _values[i]?.Dispose();
            _values[i] = null;
        }
    }

    private static MLImage? Copy(MLImage? image)
    {
        if (image is null)
        {
            return null;
        }

        var copy = MLImage.CreateFromPixels(image.Width, image.Height, image.PixelFormat, image.Pixels);
        copy.Tag = image.Tag;
        if (UprightImages.Contains(image))
        {
            UprightImages.Add(copy);
        }

        return copy;
    }
}
