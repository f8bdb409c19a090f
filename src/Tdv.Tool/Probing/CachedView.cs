using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.Tool.Probing;

/// <summary>Cached images as rows: the columns of features, then mask and frame.</summary>
internal sealed class CachedView(DataViewSchema schema, CachedImage[] images) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => schema;

    public long? GetRowCount() => images.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(schema, images);

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded,
        int n,
        Random? rand = null
    ) => [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(DataViewSchema schema, CachedImage[] images) : DataViewRowCursor
    {
        private int _row = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => _row;

        public override long Batch => 0;

        public override bool MoveNext() => ++_row < images.Length;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId value) => value = new DataViewRowId((ulong)images[_row].Id, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            int features = schema.Count - 2;
            Delegate getter =
                column.Index < features
                    ? (ValueGetter<VBuffer<float>>)(
                        (ref VBuffer<float> value) => Copy(images[_row].Features[column.Index], ref value)
                    )
                : column.Index == features
                    ? (ValueGetter<VBuffer<uint>>)((ref VBuffer<uint> value) => Copy(images[_row].Mask, ref value))
                : (ValueGetter<MLImage>)((ref MLImage value) => value = images[_row].Frame);
            return Getters.Typed<TValue>(getter, column);
        }

        private static void Copy<T>(T[] values, ref VBuffer<T> target)
        {
            var editor = VBufferEditor.Create(ref target, values.Length);
            values.CopyTo(editor.Values);
            target = editor.Commit();
        }
    }
}
