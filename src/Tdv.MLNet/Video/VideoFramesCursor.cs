using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Video;

/// <summary>One pass over the videos.</summary>
internal sealed class VideoFramesCursor(DataViewSchema schema, bool[] active, IEnumerable<VideoRow> rows, PassLog log)
    : DataViewRowCursor
{
    private readonly IEnumerator<VideoRow> _rows = rows.GetEnumerator();
    private long _position = -1;
    private bool _ended;
    private bool _disposed;

    public override DataViewSchema Schema => schema;

    public override long Position => _position;

    public override long Batch => 0;

    private VideoRow Row =>
        _position >= 0
            ? _rows.Current
            : throw new InvalidOperationException(
                "There is no row: call MoveNext first, and stop when it returns false."
            );

    public override bool MoveNext()
    {
        if (_ended || _disposed)
        {
            return false;
        }
        if (_rows.MoveNext())
        {
            _position++;
            return true;
        }
        _ended = true;
        _position = -1;
        log.Finish();
        return false;
    }

    public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = Row.Id;

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!active[column.Index])
        {
            throw new InvalidOperationException($"Column '{column.Name}' was not asked for when the cursor was made.");
        }
        Delegate getter = column.Index switch
        {
            VideoFrames.VideoColumn => (ValueGetter<ReadOnlyMemory<char>>)(
                (ref ReadOnlyMemory<char> video) => video = Row.Video.AsMemory()
            ),
            VideoFrames.TimeColumn => (ValueGetter<float>)((ref float time) => time = (float)Row.Time),
            VideoFrames.PreviousFrameColumn => (ValueGetter<MLImage>)(
                (ref MLImage image) => image = Row.Previous!.ToImage()
            ),
            _ => (ValueGetter<MLImage>)((ref MLImage image) => image = Row.Frame!.ToImage()),
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Column '{column.Name}' holds {column.Type.RawType.Name}, not {typeof(TValue).Name}."
            );
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            _position = -1;
            _rows.Dispose();
            log.Dispose();
        }
        base.Dispose(disposing);
    }
}
