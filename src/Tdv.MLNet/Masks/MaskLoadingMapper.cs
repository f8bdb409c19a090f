using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Masks;

internal sealed class MaskLoadingMapper : BatchMapper
{
    private readonly MaskLoadingTransformer _owner;
    private readonly MaskDecoder _decoder;
    private readonly DataViewSchema.Column _path;
    private readonly DataViewSchema.Column? _image;

    public MaskLoadingMapper(MaskLoadingTransformer owner, DataViewSchema input)
        : base(input, batchSize: 1, MaskColumn(owner))
    {
        _owner = owner;
        _decoder = new MaskDecoder(owner.Classes);
        var faults = new Faults();
        _path = ColumnCheck.Require(input, owner.InputColumnName, type => type is TextDataViewType, "Text", faults);
        _image = owner.ImageColumnName is { } name
            ? ColumnCheck.Require(input, name, type => type is ImageDataViewType, "Image", faults)
            : null;
        faults.ThrowIfAny("LoadMasks cannot use these columns:");
    }

    public override bool[] Dependencies(bool[] activeOutputs) =>
        InputSchema.Select(column => column.Index == _path.Index || column.Index == _image?.Index).ToArray();

    public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity) =>
        new MaskLoadingKernel(
            _decoder,
            _owner.Folder,
            input.GetGetter<ReadOnlyMemory<char>>(_path),
            _image is { } image ? input.GetGetter<MLImage>(image) : null
        );

    private static DataViewSchema.DetachedColumn MaskColumn(MaskLoadingTransformer owner)
    {
        var legend = MaskLegend.Of(owner.Classes);
        var key = new KeyDataViewType(typeof(uint), (ulong)legend.Count);
        return new(owner.OutputColumnName, new VectorDataViewType(key), legend.ToAnnotations());
    }
}
