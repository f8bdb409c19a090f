using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>One pass over made pairs. A pair is made when one of its columns is read.</summary>
internal sealed class MovingPairCursor(
    DataViewSchema schema,
    bool[] active,
    MovingPairOptions options,
    MovingPairMaker maker,
    PicturePool pictures
) : DataViewRowCursor
{
    private long _position = -1;
    private bool _ended;
    private MovingPair? _pair;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    private MovingPair Pair => _pair ??= maker.Make((int)Row, pictures);

    private long Row =>
        _position >= 0
            ? _position
            : throw new InvalidOperationException(
                "There is no row: call MoveNext first, and stop when it returns false."
            );

    public override bool MoveNext()
    {
        _pair = null;
        _ended |= _position + 1 >= options.Pairs;
        if (_ended)
        {
            _position = -1;
            return false;
        }

        if (Array.IndexOf(active, true) >= 0)
        {
            pictures.Advance();
        }

        _position++;
        return true;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId id) => id = new DataViewRowId((ulong)Row, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Delegate? getter =
            !active[column.Index] ? null
            : column.Index == MovingPairView.PreviousFrame
                ? (ValueGetter<MLImage>)((ref MLImage image) => image = Pair.FirstImage())
            : column.Index == MovingPairView.Frame
                ? (ValueGetter<MLImage>)((ref MLImage image) => image = Pair.SecondImage())
            : (ValueGetter<VBuffer<float>>)(
                (ref VBuffer<float> flow) => Getters.Copy<float>(Pair.Cells(options.PatchSize), ref flow)
            );
        return Getters.Typed<TValue>(getter, column);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _ended = true;
            _position = -1;
            pictures.Dispose();
        }

        base.Dispose(disposing);
    }
}
