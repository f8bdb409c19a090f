using Microsoft.ML.Data;
using Tdv.MLNet;

namespace Tdv.Tool.Motion;

/// <summary>Disparity as colors, from black, far away or not known, to light yellow.</summary>
internal static class DisparityPicture
{
    /// <param name="map">What is painted.</param>
    /// <param name="range">Whose highest disparity is lightest.</param>
    public static MLImage Paint(DisparityMap map, DisparityMap range)
    {
        float high = range.Values.Where(float.IsFinite).DefaultIfEmpty(1).Max();
        return new HeatMap(0, Math.Max(high, 1)).Paint(map.Values, map.Height, map.Width, map.Width, map.Height);
    }
}
