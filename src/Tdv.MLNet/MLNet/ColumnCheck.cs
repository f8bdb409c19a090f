using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Torch;

namespace Tdv.MLNet.MLNet;

/// <summary>Looks for a column of a type, before and after data are there.</summary>
internal static class ColumnCheck
{
    /// <param name="columns">By name.</param>
    /// <param name="name">The column.</param>
    /// <param name="type">Its type; null: an image of any size.</param>
    /// <param name="expected">The type, in words.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static void Require(
        Dictionary<string, SchemaShape.Column> columns,
        string name,
        DataViewType? type,
        string expected,
        Faults faults
    )
    {
        if (!columns.TryGetValue(name, out var column))
        {
            faults.Add($"there is no column '{name}'; a column of type {expected} is expected.");
        }
        else if (type is null ? column.ItemType is not ImageDataViewType : !column.ItemType.Equals(type))
        {
            faults.Add($"column '{name}' is of type {column.ItemType}; {expected} is expected.");
        }
    }

    /// <param name="schema">Of the data.</param>
    /// <param name="name">The column.</param>
    /// <param name="fits">Whether a type is right.</param>
    /// <param name="expected">The type, in words.</param>
    /// <param name="faults">Receives what is wrong.</param>
    public static DataViewSchema.Column Require(
        DataViewSchema schema,
        string name,
        Func<DataViewType, bool> fits,
        string expected,
        Faults faults
    )
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            faults.Add($"there is no column '{name}'; a column of type {expected} is expected.");
            return default;
        }

        faults.Check(fits(column.Type), $"column '{name}' is of type {column.Type}; {expected} is expected.");
        return column;
    }
}
