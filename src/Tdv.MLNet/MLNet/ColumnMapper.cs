using Microsoft.ML;

namespace Tdv.MLNet.MLNet;

/// <summary>Adds columns, row by row.</summary>
/// <param name="needed">The columns that they are computed from.</param>
/// <param name="added">The columns.</param>
/// <param name="createKernel">Creates what computes them from rows with the needed columns.</param>
/// <param name="mayBeMissing">Whether numbers that are not finite stand for what is not known.</param>
internal sealed class ColumnMapper(
    DataViewSchema input,
    DataViewSchema.Column[] needed,
    DataViewSchema.DetachedColumn[] added,
    Func<DataViewRow, IReadOnlyList<DataViewSchema.Column>, BatchKernel> createKernel,
    bool mayBeMissing = false
) : BatchMapper(input, batchSize: 1, added)
{
    protected override bool MayBeMissing(int output) => mayBeMissing;

    public override bool[] Dependencies(bool[] activeOutputs) =>
        [.. InputSchema.Select(column => Array.Exists(needed, other => other.Index == column.Index))];

    public override BatchKernel CreateKernel(DataViewRow row, bool[] activeOutputs, int capacity) =>
        createKernel(row, needed);
}
