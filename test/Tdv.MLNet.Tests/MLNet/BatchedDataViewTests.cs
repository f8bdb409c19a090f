using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Torch;
using Xunit;

namespace Tdv.MLNet.Tests.MLNet;

public sealed class BatchedDataViewTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_view_computes_nothing_until_a_value_is_read()
    {
        var (view, mapper) = Batched(Rows(10), 4);

        using var cursor = view.GetRowCursor(view.Schema);
        var twice = cursor.GetGetter<float>(view.Schema["Twice"]);
        Assert.True(cursor.MoveNext());
        Assert.Empty(mapper.Computed);

        var value = 0f;
        twice(ref value);
        Assert.Equal(0f, value);
        Assert.Equal([4], mapper.Computed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void An_inactive_column_costs_nothing(int batchSize)
    {
        var (view, mapper) = Batched(Rows(10), batchSize);

        Assert.Equal(Enumerable.Range(0, 10).Select(i => (float)i), view.GetColumn<float>("X"));

        Assert.Equal(0, mapper.Kernels);
        Assert.Equal(0, mapper.Reads);
    }

    [Fact]
    public void Only_inputs_that_are_needed_are_active()
    {
        var mapper = new CountingMapper(_ml.Data.LoadFromEnumerable(Rows(1)).Schema, 4);

        Assert.Equal(["X"], mapper.GetDependencies([mapper.OutputSchema["Twice"]]).Select(c => c.Name));
        Assert.Equal(["Name"], mapper.GetDependencies([mapper.OutputSchema["Name"]]).Select(c => c.Name));
    }

    [Fact]
    public void Taking_three_rows_is_one_call()
    {
        var (view, mapper) = Batched(Rows(3), 8);

        Assert.Equal([0f, 2f, 4f], _ml.Data.TakeRows(view, 3).GetColumn<float>("Twice"));

        Assert.Equal([3], mapper.Computed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Rows_keep_their_order_and_identity_at_every_batch_size(int batchSize)
    {
        var source = _ml.Data.LoadFromEnumerable(Rows(8));
        var (view, mapper) = Batched(Rows(8), batchSize);

        Assert.Equal(Ids(source), Ids(view));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => 2f * i), view.GetColumn<float>("Twice"));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"row {i}"), view.GetColumn<string>("Name"));
        Assert.Equal(8, mapper.Computed.Sum());
        Assert.Equal(8, view.GetRowCount());
    }

    [Fact]
    public void A_shuffled_cursor_keeps_columns_together()
    {
        var source = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Rows(50)));
        var view = new BatchedDataView(source, new CountingMapper(source.Schema, 8));
        Assert.True(view.CanShuffle);
        using var cursor = view.GetRowCursor(view.Schema, new Random(3));
        var x = cursor.GetGetter<float>(view.Schema["X"]);
        var twice = cursor.GetGetter<float>(view.Schema["Twice"]);
        var order = new List<float>();
        float a = 0;
        float b = 0;
        while (cursor.MoveNext())
        {
            x(ref a);
            twice(ref b);
            Assert.Equal(2 * a, b);
            order.Add(a);
        }

        Assert.NotEqual(order.Order(), order);
        Assert.Equal(50, order.Distinct().Count());
    }

    [Fact]
    public void A_cursor_set_is_one_cursor()
    {
        var (view, _) = Batched(Rows(5), 2);

        var cursors = view.GetRowCursorSet(view.Schema, 8);

        Assert.Single(cursors).Dispose();
    }

    [Fact]
    public void Vectors_are_copied_out_of_the_batch()
    {
        var (view, _) = Batched(Rows(4), 4);
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(view.Schema["Vector"]);
        cursor.GetGetter<float>(view.Schema["Twice"]);
        VBuffer<float> first = default;
        VBuffer<float> again = default;
        cursor.MoveNext();
        getter(ref first);
        VBufferEditor.CreateFromBuffer(ref first).Values.Fill(-1);
        getter(ref again);

        Assert.Equal([0f, 1f], again.DenseValues());
        cursor.MoveNext();
        getter(ref again);
        Assert.Equal([1f, 2f], again.DenseValues());
    }

    [Fact]
    public void Images_are_copied_in_and_out()
    {
        // A ResizeImages with nothing to do hands on the image that LoadImages disposes when it moves to the next row.
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            foreach (var i in Enumerable.Range(0, 3))
            {
                using var image = MLImage.CreateFromPixels(2, 2, MLPixelFormat.Bgra32, Pixels((byte)(40 * i)));
                image.Save(Path.Combine(folder.FullName, $"row {i}.png"));
            }

            var files = _ml.Data.LoadFromEnumerable(Rows(3, name: i => $"row {i}.png"));
            var images = _ml
                .Transforms.LoadImages("Image", folder.FullName, "Name")
                .Append(_ml.Transforms.ResizeImages("Image", 2, 2))
                .Fit(files)
                .Transform(files);
            var view = new BatchedDataView(images, new CountingMapper(images.Schema, 3));

            Assert.Equal([0, 40, 80], Reds(view));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_row_computes_once_per_position_and_equals_the_cursor()
    {
        var source = _ml.Data.LoadFromEnumerable(Rows(3));
        var mapper = new CountingMapper(source.Schema, 8);
        using var cursor = source.GetRowCursor(source.Schema);
        using var row = mapper.GetRow(cursor, [mapper.OutputSchema["Twice"]]);
        var getter = row.GetGetter<float>(mapper.OutputSchema["Twice"]);
        var values = new List<float>();
        while (cursor.MoveNext())
        {
            var value = 0f;
            getter(ref value);
            getter(ref value);
            values.Add(value);
        }

        Assert.Equal([0f, 2f, 4f], values);
        Assert.Equal([1, 1, 1], mapper.Computed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Reading_the_wrong_way_says_what_is_wrong(int batchSize)
    {
        var (view, _) = Batched(Rows(2), batchSize);
        using var cursor = view.GetRowCursor([view.Schema["Twice"]]);

        var inactive = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Vector"]));
        Assert.Equal("Column 'Vector' is not active.", inactive.Message);
        var mistyped = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Twice"]));
        Assert.Equal("Column 'Twice' is of type Single; its values cannot be read as System.Int32.", mistyped.Message);
    }

    [Fact]
    public void Reading_before_the_first_row_says_what_is_wrong()
    {
        var (view, _) = Batched(Rows(2), 4);
        using var cursor = view.GetRowCursor([view.Schema["Twice"]]);
        var getter = cursor.GetGetter<float>(view.Schema["Twice"]);

        var error = Assert.Throws<InvalidOperationException>(() =>
        {
            var value = 0f;
            getter(ref value);
        });
        Assert.Equal("A cursor has values only between MoveNext and the end of the data.", error.Message);
    }

    private (BatchedDataView View, CountingMapper Mapper) Batched(IEnumerable<Row> rows, int batchSize)
    {
        var source = _ml.Data.LoadFromEnumerable(rows);
        var mapper = new CountingMapper(source.Schema, batchSize);
        return (new BatchedDataView(source, mapper), mapper);
    }

    private static Row[] Rows(int count, Func<int, string>? name = null) =>
        Enumerable
            .Range(0, count)
            .Select(i => new Row
            {
                X = i,
                Name = name?.Invoke(i) ?? $"row {i}",
                Vector = [i, i + 1],
            })
            .ToArray();

    private static byte[] Pixels(byte red) => [0, 0, red, 255, 0, 0, red, 255, 0, 0, red, 255, 0, 0, red, 255];

    private static List<DataViewRowId> Ids(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetIdGetter();
        var ids = new List<DataViewRowId>();
        while (cursor.MoveNext())
        {
            DataViewRowId id = default;
            getter(ref id);
            ids.Add(id);
        }

        return ids;
    }

    private static List<int> Reds(BatchedDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<MLImage>(view.Schema["Image"]);
        MLImage image = null!;
        var reds = new List<int>();
        while (cursor.MoveNext())
        {
            getter(ref image);
            reds.Add(image.Pixels[image.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0]);
        }

        image.Dispose();
        return reds;
    }

    private sealed class Row
    {
        public float X { get; set; }

        public string Name { get; set; } = "";

        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }
}
