using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>Fits a reading in one pass over the rows.</summary>
internal sealed class FlowReadingFit(FlowReadingOptions options)
{
    /// <summary>Every fifth row is kept back to choose λ.</summary>
    private const int HeldOutEvery = 5;

    /// <summary>
    /// The length, in pixels, below which all flow counts alike. A square counted by the inverse of the flow's length is the
    /// first step of reweighted least squares from standing still towards the least sum of lengths, the end-point error.
    /// </summary>
    private const float ShortFlow = 0.5f;
    private static readonly double[] Strengths = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100];
    private RidgeSums? _fitted;
    private RidgeSums? _heldOut;

    /// <exception cref="ArgumentException">Columns do not fit: all faults are listed.</exception>
    /// <exception cref="InvalidOperationException">No cell has a known flow.</exception>
    public FlowReader Run(IDataView input)
    {
        var (grid, label) = Bind(input.Schema);
        Sum(input, grid, label);
        if (_fitted is null or { Count: 0 })
        {
            throw new InvalidOperationException(
                $"ReadFlow has nothing to learn from: no cell of column '{label.Name}' has a known flow."
            );
        }

        double lambda = options.Regularization ?? Choose();
        _fitted.Add(_heldOut!);
        var moments = _fitted.Moments();
        if (!Array.TrueForAll(moments.Means, double.IsFinite))
        {
            throw new InvalidDataException(
                $"ReadFlow cannot learn from features that are not finite; look at the columns "
                    + $"{string.Join(", ", options.FeatureColumnNames.Select(name => $"'{name}'"))}."
            );
        }

        var regression =
            RidgeRegression.Fit(moments, FlowReader.Targets, lambda)
            ?? throw new InvalidOperationException(
                FormattableString.Invariant(
                    $"ReadFlow cannot solve for weights with Regularization {lambda}: features depend on one another. Give a larger one, such as 0.001."
                )
            );
        return new([.. options.FeatureColumnNames], grid.Depths, options.Neighborhood, Map(regression), lambda);
    }

    private (GridColumns Grid, DataViewSchema.Column Label) Bind(DataViewSchema schema)
    {
        var faults = new Faults();
        var grid = GridColumns.Bind(schema, options.FeatureColumnNames, positions: false, faults);
        var label = ColumnCheck.Require(schema, options.LabelColumnName, ColumnKind.Grid, faults);
        if (grid is not null && label is { Type: Microsoft.ML.Data.VectorDataViewType type })
        {
            faults.Check(
                type.Dimensions.SequenceEqual([grid.Height, grid.Width, FlowReader.Targets]),
                $"column '{options.LabelColumnName}' is of {string.Join(" × ", type.Dimensions)} numbers; "
                    + $"{grid.Height} × {grid.Width} × {FlowReader.Targets} are expected, a flow for each cell of the features."
            );
        }

        faults.ThrowIfAny("ReadFlow cannot use these columns:");
        return (grid!, label!.Value);
    }

    private void Sum(IDataView input, GridColumns grid, DataViewSchema.Column label)
    {
        using var cursor = input.GetRowCursor([.. grid.Columns, label]);
        var features = new NeighborhoodReader(cursor, grid, options.Neighborhood);
        var getFlow = cursor.GetGetter<Microsoft.ML.Data.VBuffer<float>>(label);
        int width = NeighborhoodReader.Width(grid.Dimension, options.Neighborhood);
        var example = new float[width + FlowReader.Targets];
        Microsoft.ML.Data.VBuffer<float> flow = default;
        for (long row = 0; cursor.MoveNext(); row++)
        {
            features.Read();
            getFlow(ref flow);
            Getters.Densify(ref flow);
            bool isHeldOut = row % HeldOutEvery == HeldOutEvery - 1;
            for (int cell = 0; cell < grid.Cells; cell++)
            {
                var (u, v) = (flow.GetValues()[2 * cell], flow.GetValues()[(2 * cell) + 1]);
                if (!float.IsFinite(u) || !float.IsFinite(v))
                {
                    continue;
                }

                features.Copy(cell, example);
                (example[width], example[width + 1]) = (u, v);
                if (_fitted is null)
                {
                    float[] origin = [.. example];
                    (_fitted, _heldOut) = (new(example.Length, origin), new(example.Length, origin));
                }

                float weight = 1 / MathF.Sqrt((u * u) + (v * v) + (ShortFlow * ShortFlow));
                (isHeldOut ? _heldOut! : _fitted).Add(example, weight);
            }
        }
    }

    /// <exception cref="InvalidOperationException">No row could be kept back.</exception>
    private double Choose()
    {
        if (_heldOut!.Count == 0)
        {
            throw new InvalidOperationException(
                $"ReadFlow chooses Regularization by every {HeldOutEvery}th row, and there are fewer; give more rows, or Regularization."
            );
        }

        var (fitted, heldOut) = (_fitted!.Moments(), _heldOut.Moments());
        return Strengths.MinBy(lambda =>
            RidgeRegression.Fit(fitted, FlowReader.Targets, lambda)?.Error(heldOut) ?? double.PositiveInfinity
        );
    }

    private static AffineMap Map(RidgeRegression regression)
    {
        int inputs = regression.Weights.GetLength(0);
        var weights = new float[FlowReader.Targets * inputs];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = (float)regression.Weights[i % inputs, i / inputs];
        }

        return new(weights, [.. regression.Constants.Select(constant => (float)constant)]);
    }
}
