using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>Binds the matching of cells to a schema.</summary>
internal sealed class MatchMapper : BatchMapper
{
    /// <summary>Cosines of the rows of cells that are aggregated, for each thread: 256 MiB.</summary>
    private const long MaxCosines = 1 << 26;

    private readonly MatchSettings _settings;
    private readonly DataViewSchema.Column _from;
    private readonly DataViewSchema.Column _to;

    public MatchMapper(DataViewSchema schema, MatchSettings settings)
        : base(schema, batchSize: 1, Columns(schema, settings))
    {
        _settings = settings;
        (_from, _to) = (schema[settings.FromColumn], schema[settings.ToColumn]);
    }

    public override bool[] Dependencies(bool[] activeOutputs) =>
        [.. InputSchema.Select(column => column.Index == _from.Index || column.Index == _to.Index)];

    public override BatchKernel CreateKernel(DataViewRow input, bool[] activeOutputs, int capacity) =>
        new MatchKernel(
            _settings,
            ((VectorDataViewType)_from.Type).Dimensions,
            FiniteValues.Getter(input, _from),
            FiniteValues.Getter(input, _to)
        );

    private static DataViewSchema.DetachedColumn[] Columns(DataViewSchema schema, MatchSettings settings)
    {
        var faults = new Faults();
        var from = ColumnCheck.Require(schema, settings.FromColumn, ColumnKind.Grid, faults);
        var to = ColumnCheck.Require(schema, settings.ToColumn, ColumnKind.Grid, faults);
        if (from is { Type: VectorDataViewType one } && to is { Type: VectorDataViewType other })
        {
            CheckSizes(settings, one.Dimensions, other.Dimensions, faults);
        }

        faults.ThrowIfAny($"{settings.Step} cannot use these columns:");
        var grid = ((VectorDataViewType)from!.Value.Type).Dimensions;
        int[] output = settings.AlongRow ? [grid[0], grid[1]] : [grid[0], grid[1], 2];
        var added = new List<DataViewSchema.DetachedColumn> { Vector(settings.OutputColumn, output) };
        if (settings.ValidColumn is { } valid)
        {
            added.Add(Vector(valid, [grid[0], grid[1]]));
        }

        return [.. added];
    }

    private static void CheckSizes(
        MatchSettings settings,
        IReadOnlyList<int> one,
        IReadOnlyList<int> other,
        Faults faults
    )
    {
        faults.Check(
            one.SequenceEqual(other),
            $"'{settings.FromColumn}' is {string.Join(" × ", one)}, '{settings.ToColumn}' {string.Join(" × ", other)}; both "
                + "must come from the same features at the same size."
        );
        var window = settings.Window(one[0], one[1]);
        long rows = Math.Min((2 * settings.Aggregation) + 1, one[0]);
        long cosines = rows * window.Rows * window.Columns * one[1];
        faults.Check(
            cosines <= MaxCosines,
            $"{settings.Step} would hold {cosines} cosines of {rows} row(s) of cells at once; at most {MaxCosines} are possible. "
                + "Look less far, or use smaller pictures."
        );
    }

    private static DataViewSchema.DetachedColumn Vector(string name, params int[] dimensions) =>
        new(name, new VectorDataViewType(NumberDataViewType.Single, dimensions));
}
