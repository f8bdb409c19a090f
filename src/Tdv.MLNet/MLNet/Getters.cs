using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

internal static class Getters
{
    /// <summary>Hands out a copy, in the consumer's own buffer if that is large enough.</summary>
    public static void Copy<T>(ReadOnlySpan<T> values, ref VBuffer<T> value)
    {
        var editor = VBufferEditor.Create(ref value, values.Length);
        values.CopyTo(editor.Values);
        value = editor.Commit();
    }

    /// <summary>Makes all values be there, zeros too.</summary>
    public static void Densify<T>(ref VBuffer<T> values)
    {
        if (!values.IsDense)
        {
            values = new(values.Length, [.. values.DenseValues()]);
        }
    }

    /// <summary>An image for the row that the cursor is at.</summary>
    /// <param name="getter">Of the image column.</param>
    /// <param name="column">The image column's name.</param>
    /// <param name="step">What needs the image, as the user wrote it.</param>
    /// <param name="image">Kept by the caller, for the next row.</param>
    /// <exception cref="InvalidOperationException">The row has none.</exception>
    public static MLImage Image(ValueGetter<MLImage> getter, string column, string step, ref MLImage? image)
    {
        getter(ref image!);
        return image
            ?? throw new InvalidOperationException(
                $"Column '{column}' has a row without an image; filter such rows out before {step}."
            );
    }

    /// <summary>Casts a column's getter, with an error that names the column.</summary>
    public static ValueGetter<TValue> Typed<TValue>(Delegate? getter, DataViewSchema.Column column) =>
        getter switch
        {
            null => throw new InvalidOperationException($"Column '{column.Name}' is not active."),
            ValueGetter<TValue> typed => typed,
            _ => throw new InvalidOperationException(
                $"Column '{column.Name}' is of type {column.Type}; its values cannot be read as {typeof(TValue)}."
            ),
        };
}
