using Microsoft.ML.Data;
using Tdv.MLNet.Visualization;

namespace Tdv.MLNet;

/// <summary>
/// Paints one number for each patch, from black over red to light yellow. The range is fixed, so that a color means the
/// same in each frame of a clip.
/// </summary>
public sealed class HeatMap
{
    private const double Outliers = 0.01;

    /// <summary>Evenly from dark to light, to eyes of all kinds and on gray paper.</summary>
    private static readonly (byte Red, byte Green, byte Blue)[] Stops =
    [
        (0, 0, 4),
        (40, 11, 84),
        (101, 21, 110),
        (159, 42, 99),
        (212, 72, 66),
        (245, 125, 21),
        (250, 193, 39),
        (252, 255, 164),
    ];

    /// <summary>A map of a known range.</summary>
    /// <param name="low">The number that is black, and all below.</param>
    /// <param name="high">The number that is light yellow, and all above.</param>
    /// <exception cref="ArgumentOutOfRangeException">The high number is not above the low one.</exception>
    public HeatMap(float low, float high)
    {
        if (!(high > low))
        {
            throw new ArgumentOutOfRangeException(
                nameof(high),
                FormattableString.Invariant($"The range from {low} to {high} is empty; high must be above low.")
            );
        }

        Low = low;
        High = high;
    }

    /// <summary>The number that is black, and all below.</summary>
    public float Low { get; }

    /// <summary>The number that is light yellow, and all above.</summary>
    public float High { get; }

    /// <summary>A range that holds the numbers of a clip but the highest and lowest hundredth.</summary>
    /// <param name="maps">The numbers of some of its frames.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static HeatMap Fit(IEnumerable<float[]> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        float[] values = [.. maps.SelectMany(map => map)];
        if (values.Length == 0)
        {
            throw new ArgumentException("There is no number to fit a range to.", nameof(maps));
        }

        var (low, high) = Percentiles.Range(values, Outliers);
        return new HeatMap(low, high);
    }

    /// <summary>Paints one frame's numbers.</summary>
    /// <param name="map"><c>[rows × columns]</c></param>
    /// <param name="rows">Rows of the grid.</param>
    /// <param name="columns">Columns of the grid.</param>
    /// <param name="width">Pixels; the grid is stretched bilinearly.</param>
    /// <param name="height">Pixels.</param>
    /// <returns>A picture to be disposed of by the caller.</returns>
    /// <exception cref="ArgumentException">The map is of another size.</exception>
    public MLImage Paint(ReadOnlySpan<float> map, int rows, int columns, int width, int height)
    {
        GridPicture.CheckSize(map.Length, rows, columns, 1, nameof(map));
        return GridPicture.Paint(map, rows, columns, width, height, Color);
    }

    private (byte Red, byte Green, byte Blue) Color(ReadOnlySpan<float> values)
    {
        float share = (values[0] - Low) / (High - Low);
        float place = (share > 0 ? Math.Min(share, 1) : 0) * (Stops.Length - 1);
        int before = Math.Min((int)place, Stops.Length - 2);
        var (one, other) = (Stops[before], Stops[before + 1]);
        return (Mix(one.Red, other.Red), Mix(one.Green, other.Green), Mix(one.Blue, other.Blue));

        byte Mix(byte first, byte second) => (byte)Math.Round(first + ((second - first) * (place - before)));
    }
}
