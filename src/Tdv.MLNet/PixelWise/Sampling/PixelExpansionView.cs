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
        var input = _input.GetRowCursor(needed, rand);
        var sampler = new PixelSampler(Legend.Count, _options.SamplesPerImage, _options.ClassBalance, _seed);
        var mask = new MaskReader(input, Source);
        var grid = active[PixelSchema.Features] ? new GridReader(input, Source.Grid) : null;
        var pixel = -1;
        var featuresRead = false;
        return new PixelCursor(
            Schema,
            active,
            Rows(),
            ReadFeatures,
            (ref uint value) => value = mask.Keys[pixel],
            input
        );

        IEnumerable<DataViewRowId> Rows()
        {
            var getId = input.GetIdGetter();
            DataViewRowId id = default;
            while (input.MoveNext())
            {
                mask.Read();
                getId(ref id);
                featuresRead = false;
                foreach (var drawn in sampler.Draw(mask.Keys, id))
                {
                    pixel = drawn;
                    yield return id.Combine(new DataViewRowId((ulong)pixel, 0));
                }
            }
        }

        void ReadFeatures(ref VBuffer<float> value)
        {
            if (!featuresRead)
            {
                grid!.Read();
                featuresRead = true;
            }

            var editor = VBufferEditor.Create(ref value, Source.Grid.Dimension);
            mask.Stretch.Interpolate(grid!.Cells, pixel, editor.Values);
            value = editor.Commit();
        }
    }
}
