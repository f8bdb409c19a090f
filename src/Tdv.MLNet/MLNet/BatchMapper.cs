using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.MLNet;

/// <summary>
/// Maps rows to rows with some columns added, <see cref="BatchSize"/> rows at a time in a <see cref="BatchedDataView"/>
/// and one at a time in <see cref="GetRow"/> (the way of PredictionEngine). Both are lazy: inactive columns cost
/// nothing, and nothing is computed before a getter is called.
/// </summary>
internal abstract class BatchMapper : IRowToRowMapper
{
    protected BatchMapper(DataViewSchema inputSchema, int batchSize, params DataViewSchema.DetachedColumn[] added)
    {
        InputSchema = inputSchema;
        BatchSize = batchSize;
        Added = added;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(added);
        OutputSchema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    /// <summary>The input's columns, followed by <see cref="Added"/>.</summary>
    public DataViewSchema OutputSchema { get; }

    public int BatchSize { get; }

    public IReadOnlyList<DataViewSchema.DetachedColumn> Added { get; }

    /// <summary>Which input columns the active outputs need: one flag per column of <see cref="InputSchema"/>.</summary>
    /// <param name="activeOutputs">One flag per column of <see cref="Added"/>; at least one is set.</param>
    public abstract bool[] Dependencies(bool[] activeOutputs);

    /// <summary>Whether numbers of an output may be infinite or missing by what they mean.</summary>
    /// <param name="output">The index in <see cref="Added"/>.</param>
    protected virtual bool MayBeMissing(int output) => false;

    /// <summary>A kernel's getter, which refuses numbers that are not finite where there must be none.</summary>
    /// <param name="getter">Of the output.</param>
    /// <param name="output">The index in <see cref="Added"/>.</param>
    /// <param name="row">The row that the getter is at.</param>
    internal Delegate Checked(Delegate getter, int output, Func<long> row) =>
        getter is ValueGetter<VBuffer<float>> numbers && !MayBeMissing(output)
            ? FiniteValues.Checked(numbers, Added[output].Name, row)
            : getter;

    /// <summary>Creates the kernel of one cursor or row.</summary>
    /// <param name="input">The row to read; the columns named by <see cref="Dependencies"/> are active.</param>
    /// <param name="activeOutputs">One flag per column of <see cref="Added"/>; at least one is set.</param>
    /// <param name="capacity">The number of slots.</param>
    public abstract BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        InputColumns(Activate(dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
        {
            throw new ArgumentException("The row's schema is not the one this mapper was made for.", nameof(input));
        }

        return new BatchRow(this, input, Activate(activeColumns));
    }

    internal ActiveColumns Activate(IEnumerable<DataViewSchema.Column> columns)
    {
        var passed = new bool[InputSchema.Count];
        var computed = new bool[Added.Count];
        foreach (var column in columns)
        {
            if (column.Index < passed.Length)
            {
                passed[column.Index] = true;
            }
            else
            {
                computed[column.Index - passed.Length] = true;
            }
        }

        bool[] needed = computed.Contains(true) ? Dependencies(computed) : passed;
        return new ActiveColumns(passed, computed, [.. needed.Zip(passed, (one, other) => one || other)]);
    }

    internal IEnumerable<DataViewSchema.Column> InputColumns(ActiveColumns active) =>
        InputSchema.Where(column => active.Needed[column.Index]);
}
