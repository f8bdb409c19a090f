using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.MLNet.MLNet;

/// <summary>Holds one passed-through column's values for each row of a batch.</summary>
internal abstract class ColumnBuffer : IDisposable
{
    /// <summary>Copies the current input row's value into <paramref name="slot"/>.</summary>
    public abstract void Read(int slot);

    /// <summary>A <c>ValueGetter&lt;T&gt;</c> handing out copies of the current slot's value.</summary>
    public abstract Delegate CreateGetter(Func<int> slot);

    public abstract void Dispose();

    public static ColumnBuffer Create(DataViewRow input, DataViewSchema.Column column, int capacity)
    {
        if (column.Type is ImageDataViewType)
        {
            return new ImageColumnBuffer(input, column, capacity);
        }

        var type = column.Type is VectorDataViewType vector
            ? typeof(VectorColumnBuffer<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(ValueColumnBuffer<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(type, input, column, capacity)!;
    }
}
