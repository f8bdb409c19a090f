using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Color;

internal sealed class ColorFeaturizingKernel(ColorCells cells, ValueGetter<MLImage> getImage, string column)
    : BatchKernel
{
    private readonly float[] _features = new float[cells.Height * cells.Width * ColorCells.Dimension];
    private MLImage? _image;

    public override void Read(int slot) => getImage(ref _image!);

    public override void Compute(int count)
    {
        if (_image is null)
        {
            throw new InvalidOperationException(
                $"Column '{column}' has a row without an image; filter such rows out before ColorFeaturize."
            );
        }

        cells.Describe(_image, _features);
    }

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                slot();
                var editor = VBufferEditor.Create(ref value, _features.Length);
                _features.CopyTo(editor.Values);
                value = editor.Commit();
            }
        );

    /// <summary>Images belong to whoever made them: nothing to dispose.</summary>
    public override void Dispose() => _image = null;
}
