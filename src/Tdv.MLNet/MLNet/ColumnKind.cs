using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.MLNet.MLNet;

/// <summary>What a column has to hold.</summary>
/// <param name="Expectation">Its type, and where it comes from, for people.</param>
/// <param name="Fits">Whether a column of data is of that type.</param>
/// <param name="CanFit">Whether a column that is only announced may be.</param>
internal sealed record ColumnKind(
    string Expectation,
    Func<DataViewType, bool> Fits,
    Func<SchemaShape.Column, bool> CanFit
)
{
    public static readonly ColumnKind Image = new(
        "Image is expected, as LoadImages or LoadFromVideos gives it",
        type => type is ImageDataViewType,
        column => column.ItemType is ImageDataViewType
    );

    public static readonly ColumnKind Text = new(
        "Text is expected",
        type => type is TextDataViewType,
        column => column.ItemType is TextDataViewType
    );

    /// <summary>A key for each pixel.</summary>
    public static readonly ColumnKind Mask = new(
        "Vector<Key<UInt32>> is expected, as LoadMasks gives it",
        type => type is VectorDataViewType vector && IsKey(vector.ItemType),
        column => IsVector(column) && IsKey(column)
    );

    /// <summary>Features of each cell.</summary>
    public static readonly ColumnKind Grid = new(
        "Vector<Single, height, width, D> is expected, as TdvFeaturize or ColorFeaturize gives it",
        type => type is VectorDataViewType { Dimensions.Length: 3, Size: > 0 } && IsNumbers(type),
        column => column.Kind == SchemaShape.Column.VectorKind.Vector && column.ItemType == NumberDataViewType.Single
    );

    public static readonly ColumnKind Numbers = new(
        "Vector<Single> of known size is expected",
        type => type is VectorDataViewType { Size: > 0 } && IsNumbers(type),
        Grid.CanFit
    );

    public static readonly ColumnKind Key = new(
        "Key<UInt32> is expected, as MapValueToKey gives it",
        IsKey,
        column => !IsVector(column) && IsKey(column)
    );

    private static bool IsNumbers(DataViewType type) =>
        ((VectorDataViewType)type).ItemType == NumberDataViewType.Single;

    private static bool IsKey(DataViewType type) =>
        type is KeyDataViewType { Count: <= int.MaxValue } && type.RawType == typeof(uint);

    private static bool IsKey(SchemaShape.Column column) =>
        column.IsKey && column.ItemType == NumberDataViewType.UInt32;

    private static bool IsVector(SchemaShape.Column column) => column.Kind != SchemaShape.Column.VectorKind.Scalar;
}
