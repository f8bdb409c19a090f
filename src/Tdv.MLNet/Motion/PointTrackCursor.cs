using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>One pass over the rows, in order.</summary>
/// <param name="schema">The input's columns, then positions and visibility.</param>
/// <param name="active">A flag for each of them.</param>
/// <param name="input">Disposed of with this.</param>
/// <param name="row">Null: nobody asks for the added columns.</param>
internal sealed class PointTrackCursor(
    DataViewSchema schema,
    bool[] active,
    DataViewRowCursor input,
    PointTrackRow? row
) : DataViewRowCursor
{
    private bool _ended;

    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext()
    {
        if (_ended)
        {
            return false;
        }

        if (input.MoveNext())
        {
            row?.Read();
            return true;
        }

        _ended = true;
        row?.Finish();
        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int added = column.Index - input.Schema.Count;
        Delegate? getter =
            !active[column.Index] ? null
            : added == 0 ? Getter(row!.Tracks)
            : added == 1 ? Getter(row!.Visible)
            : input.GetGetter<TValue>(input.Schema[column.Index]);
        return Getters.Typed<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }

    private ValueGetter<VBuffer<T>> Getter<T>(T[] values) =>
        (ref VBuffer<T> value) =>
        {
            if (Position < 0)
            {
                throw new InvalidOperationException(
                    "A cursor has values only between MoveNext and the end of the data."
                );
            }

            Getters.Copy(values, ref value);
        };
}
