using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet.Evaluation;

/// <summary>Reads true and estimated flow or disparity from columns, in one pass.</summary>
internal static class MotionEvaluation
{
    private static readonly ColumnKind Flow = new(
        "Vector<Single, rows, columns, 2> is expected, as EstimateFlow gives it",
        typeof(float),
        IsVector: true,
        Dimensions: 3
    );
    private static readonly ColumnKind Disparity = new(
        "Vector<Single, rows, columns> is expected, as EstimateDisparity gives it",
        typeof(float),
        IsVector: true,
        Dimensions: 2
    );

    public static FlowMetrics EvaluateFlow(IDataView data, string labelName, string estimatedName)
    {
        var (label, estimated) = Bind("EvaluateFlow", data.Schema, labelName, estimatedName, Flow);
        var errors = new FlowErrors();
        Read(
            data,
            label,
            estimated,
            (truth, estimate, row) =>
                errors.Add(ToFlow(truth, label, label), ToFlow(estimate, estimated, label), $"Row {row}")
        );
        return errors.ToMetrics();
    }

    public static DisparityMetrics EvaluateDisparity(IDataView data, string labelName, string estimatedName)
    {
        var (label, estimated) = Bind("EvaluateDisparity", data.Schema, labelName, estimatedName, Disparity);
        var errors = new DisparityErrors();
        Read(
            data,
            label,
            estimated,
            (truth, estimate, row) =>
                errors.Add(ToDisparity(truth, label, label), ToDisparity(estimate, estimated, label), $"Row {row}")
        );
        return errors.ToMetrics();
    }

    private static FlowField ToFlow(float[] values, DataViewSchema.Column column, DataViewSchema.Column target)
    {
        var (from, to) = (Size(column), Size(target));
        return EstimatedGrid.ToFlow(values, from[0], from[1], to[0], to[1]);
    }

    private static DisparityMap ToDisparity(float[] values, DataViewSchema.Column column, DataViewSchema.Column target)
    {
        var (from, to) = (Size(column), Size(target));
        return EstimatedGrid.ToDisparity(values, from[0], from[1], to[0], to[1]);
    }

    private static ImmutableArray<int> Size(DataViewSchema.Column column) =>
        ((VectorDataViewType)column.Type).Dimensions;

    private static void Read(
        IDataView data,
        DataViewSchema.Column label,
        DataViewSchema.Column estimated,
        Action<float[], float[], long> add
    )
    {
        using var cursor = data.GetRowCursor([label, estimated]);
        var getLabel = cursor.GetGetter<VBuffer<float>>(label);
        var getEstimated = cursor.GetGetter<VBuffer<float>>(estimated);
        VBuffer<float> truth = default;
        VBuffer<float> estimate = default;
        while (cursor.MoveNext())
        {
            getLabel(ref truth);
            getEstimated(ref estimate);
            add([.. truth.DenseValues()], [.. estimate.DenseValues()], cursor.Position);
        }
    }

    private static (DataViewSchema.Column, DataViewSchema.Column) Bind(
        string step,
        DataViewSchema schema,
        string labelName,
        string estimatedName,
        ColumnKind kind
    )
    {
        var faults = new Faults();
        var label = ColumnCheck.Require(schema, labelName, kind, faults);
        var estimated = ColumnCheck.Require(schema, estimatedName, kind, faults);
        foreach (var column in new[] { label, estimated }.OfType<DataViewSchema.Column>())
        {
            faults.Check(
                kind != Flow || Size(column)[2] == 2,
                $"column '{column.Name}' is of type {column.Type}; {kind.Expectation}."
            );
        }

        faults.ThrowIfAny($"{step} cannot use these columns:");
        return (label!.Value, estimated!.Value);
    }
}
