using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

internal sealed class PixelWiseMapper : BatchMapper
{
    public const int PredictedLabel = 0;
    public const int Score = 1;
    public const int Size = 2;

    private PixelWiseMapper(
        PixelWiseTransformer owner,
        DataViewSchema input,
        GridColumns grid,
        DataViewSchema.Column? image
    )
        : base(input, batchSize: 1, OutputColumns(owner.Model.Options, owner.Model.Legend, grid.Height, grid.Width))
    {
        Owner = owner;
        Grid = grid;
        Image = image;
    }

    public PixelWiseTransformer Owner { get; }

    public GridColumns Grid { get; }

    public DataViewSchema.Column? Image { get; }

    public static PixelWiseMapper Bind(PixelWiseTransformer owner, DataViewSchema input)
    {
        var options = owner.Model.Options;
        var faults = new Faults();
        var grid = GridColumns.Bind(input, options.FeatureColumnNames, options.PositionFeatures, faults);
        var image = PixelSource.BindImage(input, options.ImageColumnName, faults);
        for (var i = 0; i < grid?.Columns.Count; i++)
        {
            faults.Check(
                grid.Depths[i] == owner.Model.Depths[i],
                $"feature column '{grid.Columns[i].Name}' has {grid.Depths[i]} features per cell; the model was trained "
                    + $"on {owner.Model.Depths[i]}. Use the featurizer it was trained with."
            );
        }

        faults.ThrowIfAny("PixelWise cannot use these columns:");
        return new PixelWiseMapper(owner, input, grid!, image);
    }

    /// <summary>A class that the classifier does not know has a score of -∞.</summary>
    protected override bool MayBeMissing(int output) => output == Score && !Owner.Model.Probabilities;

    public override bool[] Dependencies(bool[] activeOutputs)
    {
        var needed = new bool[InputSchema.Count];
        foreach (var column in Grid.Columns)
        {
            needed[column.Index] = true;
        }

        if (
            Image is { } image
            && (activeOutputs[PredictedLabel] || (activeOutputs.Length > Size && activeOutputs[Size]))
        )
        {
            needed[image.Index] = true;
        }

        return needed;
    }

    public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity) =>
        new PixelWiseKernel(this, input, activeOutputs);

    public static DataViewSchema.DetachedColumn[] OutputColumns(
        PixelWiseOptions options,
        MaskLegend legend,
        int height,
        int width
    )
    {
        var key = new KeyDataViewType(typeof(uint), (ulong)legend.Count);
        var score = new DataViewSchema.DetachedColumn(
            options.ScoreColumnName,
            new VectorDataViewType(NumberDataViewType.Single, height, width, legend.Count)
        );
        string mask = options.PredictedLabelColumnName;
        // On the grid the mask's type has its size; pictures have sizes of their own.
        return options.ImageColumnName is null
            ? [new(mask, new VectorDataViewType(key, height, width), legend.ToAnnotations()), score]
            : [new(mask, new VectorDataViewType(key), legend.ToAnnotations()), score, MaskSize.ColumnFor(mask)];
    }
}
