using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Visualization;

namespace Tdv.MLNet;

/// <summary>
/// Paints features as colors: the three directions along which they differ most are red, green and blue (PCA). Fitted
/// once for a clip, so that a color means the same in each of its frames: what a network holds for alike looks alike, and
/// an object keeps its color while it moves.
/// </summary>
public sealed class FeatureColors
{
    private const int Channels = 3;

    /// <summary>Of the values that are seen at most; the few beyond would take the contrast from all others.</summary>
    private const double Outliers = 0.02;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _dimension;
    private readonly Matrix<float> _directions;
    private readonly float[] _low = new float[Channels];
    private readonly float[] _high = new float[Channels];

    private FeatureColors(CellSample sample, int rows, int columns)
    {
        _rows = rows;
        _columns = columns;
        _dimension = sample.Dimension;
        _directions = sample.Directions(Channels);
        var projected = sample.ToMatrix() * _directions;
        for (int channel = 0; channel < Channels; channel++)
        {
            float[] values = projected.Column(channel).ToArray();
            (_low[channel], _high[channel]) = Percentiles.Range(values, Outliers);
        }
    }

    /// <summary>Finds the colors for a clip: reads a column of features once.</summary>
    /// <param name="data">Rows of the clip. A few dozen frames, seconds apart, do as well as all.</param>
    /// <param name="columnName">Features or motion, <c>Vector&lt;Single, height, width, D&gt;</c>.</param>
    /// <exception cref="ArgumentException">There is no such column, it is of another type, or there are no rows.</exception>
    public static FeatureColors Fit(IDataView data, string columnName)
    {
        ArgumentNullException.ThrowIfNull(data);
        var faults = new Faults();
        var column = ColumnCheck.Require(data.Schema, columnName, ColumnKind.Grid, faults);
        faults.ThrowIfAny("FeatureColors cannot be fitted:");
        var grid = (VectorDataViewType)column!.Value.Type;
        return Fit(data.GetColumn<float[]>(column.Value), grid.Dimensions[0], grid.Dimensions[1]);
    }

    /// <summary>Finds the colors for a clip.</summary>
    /// <param name="grids">Features of some of its frames, <c>[rows × columns × D]</c> each.</param>
    /// <param name="rows">Rows of the grid.</param>
    /// <param name="columns">Columns of the grid.</param>
    /// <exception cref="ArgumentException">There is no grid, or one that is not of this size.</exception>
    public static FeatureColors Fit(IEnumerable<float[]> grids, int rows, int columns)
    {
        ArgumentNullException.ThrowIfNull(grids);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        CellSample? sample = null;
        foreach (float[] grid in grids)
        {
            sample ??= new CellSample(grid.Length / (rows * columns));
            GridPicture.CheckSize(grid.Length, rows, columns, sample.Dimension, nameof(grids));
            sample.Add(grid);
        }

        return sample is null
            ? throw new ArgumentException("There is no row to fit colors to.", nameof(grids))
            : new FeatureColors(sample, rows, columns);
    }

    /// <summary>Paints one frame's features.</summary>
    /// <param name="features"><c>[rows × columns × D]</c>, as those that the colors were fitted to.</param>
    /// <param name="width">Pixels; the grid is stretched bilinearly.</param>
    /// <param name="height">Pixels.</param>
    /// <returns>A picture to be disposed of by the caller.</returns>
    /// <exception cref="ArgumentException">The features are of another size.</exception>
    public MLImage Paint(ReadOnlySpan<float> features, int width, int height)
    {
        GridPicture.CheckSize(features.Length, _rows, _columns, _dimension, nameof(features));
        var cells = Matrix<float>.Build.Dense(_dimension, _rows * _columns, features.ToArray());
        var projected = cells.TransposeThisAndMultiply(_directions);
        var colors = new float[_rows * _columns * Channels];
        for (int i = 0; i < colors.Length; i++)
        {
            var (cell, channel) = Math.DivRem(i, Channels);
            colors[i] = (projected[cell, channel] - _low[channel]) / (_high[channel] - _low[channel]);
        }

        return GridPicture.Paint(colors, _rows, _columns, width, height, Color);
    }

    private static (byte Red, byte Green, byte Blue) Color(ReadOnlySpan<float> values) =>
        (Byte(values[0]), Byte(values[1]), Byte(values[2]));

    private static byte Byte(float share) => (byte)Math.Round(Math.Clamp(share, 0f, 1f) * byte.MaxValue);
}
