using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.MLNet;

/// <summary>
/// The one look at features on their way: whoever computes a vector of numbers for a row, and whoever reads one, goes
/// through here. Argmax and cosines of what is not a number would give the first class, or the cell itself, without a word.
/// </summary>
internal static class FiniteValues
{
    /// <summary>The getter of a column of vectors, which refuses rows with a number that is not finite.</summary>
    public static ValueGetter<VBuffer<float>> Getter(DataViewRow row, DataViewSchema.Column column) =>
        Checked(row.GetGetter<VBuffer<float>>(column), column.Name, () => row.Position);

    /// <summary>A getter that refuses such rows.</summary>
    /// <param name="getter">Gives the values.</param>
    /// <param name="column">What they are called, for messages.</param>
    /// <param name="row">The row that the values are of, counted from 0.</param>
    public static ValueGetter<VBuffer<float>> Checked(
        ValueGetter<VBuffer<float>> getter,
        string column,
        Func<long> row
    ) =>
        (ref VBuffer<float> value) =>
        {
            getter(ref value);
            // What a sparse vector leaves out is 0.
            Require(value.GetValues(), column, row());
        };

    /// <exception cref="InvalidDataException">A number is not finite.</exception>
    public static void Require(ReadOnlySpan<float> values, string column, long row)
    {
        int index = FiniteNumbers.IndexOfOther(values);
        if (index >= 0)
        {
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"Row {row}: '{column}' holds {values[index]} (number {index} of {values.Length}); finite numbers are expected. Look at what computes it: a training that has diverged, or damaged weights."
                )
            );
        }
    }
}
