using System.Globalization;
using System.Text;

namespace Tdv.MLNet;

/// <summary>
/// How well estimated flow agrees with the truth, over all pixels of all pictures whose true flow is known. A pixel's error
/// is the length of the difference of the two flows, in pixels.
/// </summary>
/// <param name="EndPointError">Mean error in pixels (EPE; Baker et al. 2011).</param>
/// <param name="FlAll">
/// The part of the pixels, 0 to 1, whose error is above 3 pixels and above 5 % of the true flow's length (KITTI's Fl-all;
/// Menze and Geiger 2015).
/// </param>
/// <param name="Within1">The part of the pixels, 0 to 1, whose error is at most 1 pixel.</param>
/// <param name="Within3">The same for 3 pixels.</param>
/// <param name="Within5">The same for 5 pixels.</param>
/// <param name="PixelCount">The pixels that were counted.</param>
/// <param name="ImageCount">The pictures that they are from.</param>
public sealed record FlowMetrics(
    double EndPointError,
    double FlAll,
    double Within1,
    double Within3,
    double Within5,
    long PixelCount,
    long ImageCount
)
{
    /// <summary>One line: <c>EPE=1.204 Fl-all=8.1% within 1/3/5 px=70.3/90.2/95.0%</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"EPE={EndPointError:0.000} Fl-all={100 * FlAll:0.0}% within 1/3/5 px={100 * Within1:0.0}/{100 * Within3:0.0}/{100 * Within5:0.0}%"
        );

    /// <summary>A table with a line for each figure.</summary>
    public string GetFormattedTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"End-point error  {EndPointError, 9:0.000} px");
        text.AppendLine(CultureInfo.InvariantCulture, $"Fl-all           {100 * FlAll, 9:0.0} %");
        text.AppendLine(CultureInfo.InvariantCulture, $"Within 1 px      {100 * Within1, 9:0.0} %");
        text.AppendLine(CultureInfo.InvariantCulture, $"Within 3 px      {100 * Within3, 9:0.0} %");
        text.AppendLine(CultureInfo.InvariantCulture, $"Within 5 px      {100 * Within5, 9:0.0} %");
        text.Append(CultureInfo.InvariantCulture, $"{PixelCount:N0} pixels of {ImageCount:N0} images");
        return text.ToString();
    }
}
