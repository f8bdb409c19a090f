using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>An input's rows with columns added that depend on the rows before.</summary>
/// <param name="schema">The input's columns, then those added.</param>
/// <param name="input">Owned.</param>
/// <param name="active">By column of <paramref name="schema"/>: asked for.</param>
/// <param name="moved">Called at each row with true, and at the end with false. Null: nothing is added.</param>
/// <param name="added">The getters of the columns added, of the row the input is at.</param>
/// <param name="owned">Disposed of with this.</param>
internal sealed class SequenceCursor(
    DataViewSchema schema,
    DataViewRowCursor input,
    bool[] active,
    Action<bool>? moved,
    IReadOnlyList<Delegate> added,
    IDisposable? owned = null
) : DataViewRowCursor
{
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext()
    {
        bool found = input.MoveNext();
        moved?.Invoke(found);
        return found;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int index = column.Index - input.Schema.Count;
        if (index < 0 && active[column.Index])
        {
            return input.GetGetter<TValue>(input.Schema[column.Index]);
        }

        var read = Getters.Typed<TValue>(active[column.Index] ? added[index] : null, column);
        return (ref TValue value) =>
        {
            if (input.Position < 0)
            {
                throw new InvalidOperationException(
                    "A cursor has values only between MoveNext and the end of the data."
                );
            }

            read(ref value);
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            input.Dispose();
            owned?.Dispose();
        }

        base.Dispose(disposing);
    }
}
