using System.Globalization;
using System.Text;

namespace Tdv.MLNet;

/// <summary>
/// How well estimated disparity agrees with the truth, over all pixels of all pictures whose true disparity is known
/// (Middlebury's figures; Scharstein and Szeliski 2002). A pixel's error is the absolute difference, in pixels.
/// </summary>
/// <param name="MeanAbsoluteError">Mean error in pixels.</param>
/// <param name="Bad05">The part of the pixels, 0 to 1, whose error is above 0.5 pixels.</param>
/// <param name="Bad1">The same for 1 pixel.</param>
/// <param name="Bad2">The same for 2 pixels.</param>
/// <param name="Bad4">The same for 4 pixels.</param>
/// <param name="PixelCount">The pixels that were counted.</param>
/// <param name="ImageCount">The pictures that they are from.</param>
public sealed record DisparityMetrics(
    double MeanAbsoluteError,
    double Bad05,
    double Bad1,
    double Bad2,
    double Bad4,
    long PixelCount,
    long ImageCount
)
{
    /// <summary>One line: <c>MAE=2.310 bad 0.5/1/2/4=61.2/40.3/20.0/9.7%</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"MAE={MeanAbsoluteError:0.000} bad 0.5/1/2/4={100 * Bad05:0.0}/{100 * Bad1:0.0}/{100 * Bad2:0.0}/{100 * Bad4:0.0}%"
        );

    /// <summary>A table with a line for each figure.</summary>
    public string GetFormattedTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Mean absolute error  {MeanAbsoluteError, 9:0.000} px");
        text.AppendLine(CultureInfo.InvariantCulture, $"Bad 0.5              {100 * Bad05, 9:0.0} %");
        text.AppendLine(CultureInfo.InvariantCulture, $"Bad 1                {100 * Bad1, 9:0.0} %");
        text.AppendLine(CultureInfo.InvariantCulture, $"Bad 2                {100 * Bad2, 9:0.0} %");
        text.AppendLine(CultureInfo.InvariantCulture, $"Bad 4                {100 * Bad4, 9:0.0} %");
        text.Append(CultureInfo.InvariantCulture, $"{PixelCount:N0} pixels of {ImageCount:N0} images");
        return text.ToString();
    }
}
