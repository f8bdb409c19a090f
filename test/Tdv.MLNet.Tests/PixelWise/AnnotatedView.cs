using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.Tests.PixelWise;

/// <summary>A view whose "Mask" column has a legend: rows from memory cannot carry one.</summary>
internal sealed class AnnotatedView : IDataView
{
    private readonly IDataView _input;

    public AnnotatedView(IDataView input, MaskLegend legend)
    {
        _input = input;
        var builder = new DataViewSchema.Builder();
        foreach (var column in input.Schema)
        {
            builder.AddColumn(
                column.Name,
                column.Type,
                column.Name == "Mask" ? legend.ToAnnotations() : column.Annotations
            );
        }

        Schema = builder.ToSchema();
    }

    public bool CanShuffle => _input.CanShuffle;

    public DataViewSchema Schema { get; }

    /// <summary>How often the rows were passed over with features.</summary>
    public int FeaturePasses { get; private set; }

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var needed = columnsNeeded.Select(c => _input.Schema[c.Index]).ToArray();
        if (needed.Any(c => c.Name == "Features"))
        {
            FeaturePasses++;
        }

        return new Cursor(this, _input.GetRowCursor(needed, rand));
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    ) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(AnnotatedView view, DataViewRowCursor input) : DataViewRowCursor
    {
        public override DataViewSchema Schema => view.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            input.IsColumnActive(input.Schema[column.Index]);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            input.GetGetter<TValue>(input.Schema[column.Index]);
    }
}
