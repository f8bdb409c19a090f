using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>What a column has to hold.</summary>
/// <param name="Expectation">Its type, and where it comes from, for people.</param>
/// <param name="Item">The type of a value, or of a vector's values.</param>
/// <param name="IsKey">Whether they are keys.</param>
/// <param name="IsVector">Whether there are several in a row.</param>
/// <param name="Dimensions">Of a vector of known size; 0: the size does not matter, or varies.</param>
internal sealed record ColumnKind(
    string Expectation,
    Type Item,
    bool IsKey = false,
    bool IsVector = false,
    int Dimensions = 0
)
{
    public static readonly ColumnKind Image = new(
        "Image is expected, as LoadPictures or LoadFromVideos gives it",
        typeof(MLImage)
    );

    public static readonly ColumnKind Text = new("Text is expected", typeof(ReadOnlyMemory<char>));

    /// <summary>A key for each pixel.</summary>
    public static readonly ColumnKind Mask = new(
        "Vector<Key<UInt32>> is expected, as LoadMasks gives it",
        typeof(uint),
        IsKey: true,
        IsVector: true
    );

    /// <summary>Features of each cell.</summary>
    public static readonly ColumnKind Grid = new(
        "Vector<Single, height, width, D> is expected, as TdvFeaturize or ColorFeaturize gives it",
        typeof(float),
        IsVector: true,
        Dimensions: 3
    );

    public static readonly ColumnKind Numbers = new(
        "Vector<Single> of known size is expected",
        typeof(float),
        IsVector: true,
        Dimensions: 1
    );

    public static readonly ColumnKind Key = new(
        "Key<UInt32> is expected, as MapValueToKey gives it",
        typeof(uint),
        IsKey: true
    );

    public bool Fits(DataViewType type)
    {
        var vector = type as VectorDataViewType;
        var item = vector?.ItemType ?? type;
        return IsVector == vector is not null
            && Item == item.RawType
            && (IsKey ? item is KeyDataViewType { Count: <= int.MaxValue } : item is not KeyDataViewType)
            && (Dimensions == 0 || vector is { Size: > 0 })
            && (Dimensions <= 1 || vector!.Dimensions.Length == Dimensions);
    }

    /// <summary>Whether a column that is only announced may fit.</summary>
    public bool Fits(SchemaShape.Column column) =>
        IsVector == (column.Kind != SchemaShape.Column.VectorKind.Scalar)
        && Item == column.ItemType.RawType
        && IsKey == column.IsKey
        && (Dimensions == 0 || column.Kind == SchemaShape.Column.VectorKind.Vector);
}
