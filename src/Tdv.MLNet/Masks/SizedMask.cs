using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Masks;

/// <summary>Reads a row's mask with its size, where that is known: by its column's type, or from the column beside it.</summary>
/// <param name="row">The rows; the mask's column is active, and that of its sizes if they shall be known.</param>
/// <param name="column">The mask column.</param>
internal sealed class SizedMask(DataViewRow row, DataViewSchema.Column column)
{
    private readonly ValueGetter<VBuffer<uint>> _getKeys = row.GetGetter<VBuffer<uint>>(column);
    private readonly ValueGetter<VBuffer<int>>? _getSize =
        MaskSize.Find(row.Schema, column.Name) is { } size && row.IsColumnActive(size)
            ? row.GetGetter<VBuffer<int>>(size)
            : null;
    private readonly (int Height, int Width)? _fixed = column.Type
        is VectorDataViewType { Size: > 0, Dimensions: [var height, var width] }
        ? (height, width)
        : null;
    private VBuffer<uint> _keys;
    private VBuffer<int> _values;

    /// <summary>The current row's keys, row-major.</summary>
    public ReadOnlySpan<uint> Keys => _keys.GetValues();

    /// <summary>Null where only the number of pixels is known.</summary>
    public (int Height, int Width)? Size { get; private set; }

    /// <summary>For errors: <c>is 96×64 pixels</c>, width first, or how many pixels there are.</summary>
    public string Description =>
        Size is { } size
            ? FormattableString.Invariant($"is {size.Width}×{size.Height} pixels")
            : FormattableString.Invariant($"has {_keys.Length} pixels");

    /// <summary>Takes the row that the cursor is at.</summary>
    public void Read()
    {
        _getKeys(ref _keys);
        Getters.Densify(ref _keys);
        Size = _fixed ?? ReadSize();
    }

    /// <summary>Whether the mask has this size, or as many pixels where that is all that is known.</summary>
    public bool Fits(int height, int width) =>
        Size is { } size ? size == (height, width) : _keys.Length == (long)height * width;

    /// <summary>What an error adds where height and width have changed places; else nothing.</summary>
    public string Hint(int height, int width) => Size is { } size ? MaskSize.Hint(size, (height, width)) : "";

    /// <summary>Sizes of masks that another step has replaced since, by some of another number of pixels, say nothing.</summary>
    private (int Height, int Width)? ReadSize()
    {
        if (_getSize is null)
        {
            return null;
        }

        _getSize(ref _values);
        Getters.Densify(ref _values);
        var size = _values.GetValues();
        return (long)size[0] * size[1] == _keys.Length ? (size[0], size[1]) : null;
    }
}
