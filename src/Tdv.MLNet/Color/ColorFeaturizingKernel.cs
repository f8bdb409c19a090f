using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Color;

internal sealed class ColorFeaturizingKernel(ColorCells cells, ValueGetter<MLImage> getImage, string column)
    : ColumnKernel<float>
{
    private readonly float[] _features = new float[cells.Height * cells.Width * ColorCells.Dimension];
    private MLImage? _image;

    public override void Read(int slot) => getImage(ref _image!);

    protected override float[] Compute()
    {
        if (_image is null)
        {
            throw new InvalidOperationException(
                $"Column '{column}' has a row without an image; filter such rows out before ColorFeaturize."
            );
        }

        cells.Describe(_image, _features);
        return _features;
    }
}
