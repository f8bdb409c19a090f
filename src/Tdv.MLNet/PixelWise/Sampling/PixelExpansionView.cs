using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Many pixel rows for each image row: "Features", <c>Vector&lt;Single, D&gt;</c>, and "Label", <c>Key</c>. Lazy: an
/// image's features are read only if "Features" is.
/// </summary>
internal sealed class PixelExpansionView : IDataView
{
    private readonly IDataView _input;
    private readonly PixelExpansionOptions _options;
    private readonly int _seed;

    public PixelExpansionView(IDataView input, PixelExpansionOptions options, int seed, string headline)
    {
        _input = input;
        _options = options;
        _seed = seed;
        Source = PixelSource.Bind(input.Schema, options, headline);
        Legend = MaskLegend.Of(Source.Mask);
        Schema = PixelSchema.Create(Source.Grid.Dimension, Legend);
    }

    public PixelSource Source { get; }

    public MaskLegend Legend { get; }

    public bool CanShuffle => _input.CanShuffle;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var active = new bool[Schema.Count];
        foreach (var column in columnsNeeded)
        {
            active[column.Index] = true;
        }

        var needed = active[PixelSchema.Features] ? Source.MaskColumns.Concat(Source.Grid.Columns) : Source.MaskColumns;
        var sampler = new PixelSampler(Legend.Count, _options.SamplesPerImage, _options.ClassBalance, _seed);
        return new PixelExpansionCursor(this, _input.GetRowCursor(needed, rand), active, sampler);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    ) => [GetRowCursor(columnsNeeded, rand)];
}
