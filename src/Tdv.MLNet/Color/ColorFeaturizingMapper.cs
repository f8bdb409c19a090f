using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Color;

internal sealed class ColorFeaturizingMapper : BatchMapper
{
    private readonly ColorCells _cells;
    private readonly DataViewSchema.Column _image;

    public ColorFeaturizingMapper(ColorFeaturizingTransformer owner, DataViewSchema input)
        : base(input, batchSize: 1, FeatureColumn(owner))
    {
        _cells = owner.Cells;
        var faults = new Faults();
        _image = ColumnCheck.Require(input, owner.InputColumnName, type => type is ImageDataViewType, "Image", faults);
        faults.ThrowIfAny("ColorFeaturize cannot use these columns:");
    }

    public override bool[] Dependencies(bool[] activeOutputs) =>
        [.. InputSchema.Select(column => column.Index == _image.Index)];

    public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity) =>
        new ColorFeaturizingKernel(_cells, input.GetGetter<MLImage>(_image), _image.Name);

    private static DataViewSchema.DetachedColumn FeatureColumn(ColorFeaturizingTransformer owner) =>
        new(
            owner.OutputColumnName,
            new VectorDataViewType(
                NumberDataViewType.Single,
                owner.Cells.Height,
                owner.Cells.Width,
                ColorCells.Dimension
            )
        );
}
