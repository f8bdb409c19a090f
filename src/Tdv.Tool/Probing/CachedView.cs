using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.Tool.Probing;

/// <summary>Cached images as rows: the columns of features, then mask and frame.</summary>
internal sealed class CachedView(DataViewSchema schema, CachedImage[] images) : RowView
{
    public override bool CanShuffle => false;

    public override DataViewSchema Schema => schema;

    public override long? GetRowCount() => images.Length;

    protected override DataViewRowCursor Open(bool[] active, Random? rand) => new Cursor(schema, images);

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
                        (ref VBuffer<float> value) => Getters.Copy(images[_row].Features[column.Index], ref value)
                    )
                : column.Index == features
                    ? (ValueGetter<VBuffer<uint>>)(
                        (ref VBuffer<uint> value) => Getters.Copy<uint>(images[_row].Mask, ref value)
                    )
                : (ValueGetter<MLImage>)((ref MLImage value) => value = images[_row].Frame);
            return Getters.Typed<TValue>(getter, column);
        }
    }
}
