using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Many pixel rows for each image row: "Features", <c>Vector&lt;Single, D&gt;</c>, and "Label", <c>Key</c>. Lazy: an
/// image's features are read only if "Features" is.
/// </summary>
internal sealed class PixelExpansionView : RowView
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

    public override bool CanShuffle => _input.CanShuffle;

    public override DataViewSchema Schema { get; }

    public override long? GetRowCount() => null;

    protected override DataViewRowCursor Open(bool[] active, Random? rand)
    {
        var needed = active[PixelSchema.Features] ? Source.MaskColumns.Concat(Source.Grid.Columns) : Source.MaskColumns;
        var sampler = new PixelSampler(Legend.Count, _options.SamplesPerImage, _options.ClassBalance, _seed);
        return new PixelExpansionCursor(this, _input.GetRowCursor(needed, rand), active, sampler);
    }
}
