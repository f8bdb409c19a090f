namespace Tdv.MLNet.Visualization;

/// <summary>A range of values that outliers do not stretch.</summary>
internal static class Percentiles
{
    /// <param name="values">At least one; sorted in place.</param>
    /// <param name="outliers">The share left out at either end.</param>
    /// <returns>Never an empty range: what is the same everywhere lies in its middle.</returns>
    public static (float Low, float High) Range(float[] values, double outliers)
    {
        Array.Sort(values);
        float low = values[(int)(outliers * (values.Length - 1))];
        float high = values[(int)Math.Ceiling((1 - outliers) * (values.Length - 1))];
        float least = Math.Max(1e-6f, 1e-5f * Math.Max(Math.Abs(low), Math.Abs(high)));
        return high - low > least ? (low, high) : (low - least, high + least);
    }
}
