using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet;

/// <summary>Adds a column to rows, one row at a time.</summary>
public abstract class ColumnTransformer : RowTransformer
{
    private protected ColumnTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName)
    {
        // Registered for its log and seed like every transformer of ML.NET.
        environment.Register(GetType().Name);
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName;
    }

    /// <summary>The column that is added.</summary>
    public string OutputColumnName { get; }

    /// <summary>The column that it is computed from.</summary>
    public string InputColumnName { get; }

    /// <summary>What users call the step.</summary>
    private protected abstract string Step { get; }

    /// <summary>All columns that are read, <see cref="InputColumnName"/> first.</summary>
    private protected abstract IReadOnlyList<(string Name, ColumnKind Kind)> Inputs { get; }

    private protected abstract DataViewSchema.DetachedColumn Output { get; }

    /// <summary>All columns that are added, <see cref="Output"/> first.</summary>
    private protected virtual DataViewSchema.DetachedColumn[] Outputs => [Output];

    /// <summary>Whether numbers that are not finite stand for what is not known.</summary>
    private protected virtual bool MayBeMissing => false;

    /// <summary>Creates what computes the columns, row by row.</summary>
    /// <param name="row">The rows.</param>
    /// <param name="columns">Those of <see cref="Inputs"/>, in the same order.</param>
    private protected abstract BatchKernel CreateKernel(DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns);

    internal SchemaShape GetOutputShape(SchemaShape input)
    {
        var columns = input.ToDictionary(column => column.Name);
        var faults = new Faults();
        foreach (var (name, kind) in Inputs)
        {
            ColumnCheck.Require(columns, name, kind, faults);
        }

        faults.ThrowIfAny(Headline);
        var added = new DataViewSchema.Builder();
        added.AddColumns(Outputs);
        foreach (var column in MLNetInternals.ShapeOf(added.ToSchema()))
        {
            columns[column.Name] = column;
        }

        return new SchemaShape(columns.Values);
    }

    private string Headline => $"{Step} cannot use these columns:";

    private protected sealed override BatchMapper Bind(DataViewSchema input)
    {
        var faults = new Faults();
        var columns = Inputs.Select(need => ColumnCheck.Require(input, need.Name, need.Kind, faults)).ToArray();
        faults.ThrowIfAny(Headline);
        return new ColumnMapper(
            input,
            [.. columns.Select(column => column!.Value)],
            Outputs,
            CreateKernel,
            MayBeMissing
        );
    }
}
