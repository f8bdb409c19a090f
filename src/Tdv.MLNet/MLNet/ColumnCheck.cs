using Microsoft.ML;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.MLNet;

/// <summary>The one place that looks for columns, before and after data are there.</summary>
internal static class ColumnCheck
{
    /// <summary>Finds a column of data; null, with what is wrong added to the faults, if there is none that fits.</summary>
    public static DataViewSchema.Column? Require(DataViewSchema schema, string name, ColumnKind kind, Faults faults)
    {
        if (schema.GetColumnOrNull(name) is { } column)
        {
            return Require(column, kind, faults);
        }

        faults.Add(Missing(name, schema.Where(other => !other.IsHidden).Select(other => other.Name), kind));
        return null;
    }

    /// <summary>As above, for a column that there is.</summary>
    public static DataViewSchema.Column? Require(DataViewSchema.Column column, ColumnKind kind, Faults faults)
    {
        if (kind.Fits(column.Type))
        {
            return column;
        }

        faults.Add(Wrong(column.Name, $"{column.Type}", kind));
        return null;
    }

    /// <summary>As above, where only what columns there will be is known.</summary>
    public static void Require(
        IReadOnlyDictionary<string, SchemaShape.Column> columns,
        string name,
        ColumnKind kind,
        Faults faults
    )
    {
        if (!columns.TryGetValue(name, out var column))
        {
            faults.Add(Missing(name, columns.Keys, kind));
        }
        else if (!kind.Fits(column))
        {
            string item = column.IsKey ? $"Key<{column.ItemType}>" : $"{column.ItemType}";
            bool scalar = column.Kind == SchemaShape.Column.VectorKind.Scalar;
            faults.Add(Wrong(name, scalar ? item : $"{column.Kind}<{item}>", kind));
        }
    }

    private static string Missing(string name, IEnumerable<string> names, ColumnKind kind) =>
        $"there is no column '{name}' among {string.Join(", ", names.Select(other => $"'{other}'"))}; {kind.Expectation}.";

    private static string Wrong(string name, string type, ColumnKind kind) =>
        $"column '{name}' is of type {type}; {kind.Expectation}.";
}
