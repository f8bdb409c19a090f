using System.Globalization;
using System.Text;

namespace Tdv.MLNet;

/// <summary>
/// How well predicted masks agree with the truth, over the pixels whose true class is not ignored. Classes that occur
/// neither in the truth nor in the predictions are NaN and left out of the means.
/// </summary>
public sealed class MaskMetrics
{
    private readonly long[][] _confusion;

    internal MaskMetrics(IReadOnlyList<string> classNames, long[][] confusion, long imageCount)
    {
        ClassNames = classNames;
        _confusion = confusion;
        ImageCount = imageCount;
        var classes = Enumerable.Range(0, confusion.Length).ToArray();
        var truth = classes.Select(c => confusion[c].Sum()).ToArray();
        var predicted = classes.Select(c => confusion.Sum(row => row[c])).ToArray();
        PixelCount = truth.Sum();
        PixelAccuracy = (double)classes.Sum(c => confusion[c][c]) / PixelCount;
        PerClassIoU = classes.Select(c => Ratio(confusion[c][c], truth[c] + predicted[c] - confusion[c][c])).ToArray();
        PerClassAccuracy = classes.Select(c => Ratio(confusion[c][c], truth[c])).ToArray();
        MeanIoU = Mean(PerClassIoU);
        MeanClassAccuracy = Mean(PerClassAccuracy);
    }

    /// <summary>The names of the classes, in the order of all lists here.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Mean of <see cref="PerClassIoU"/>, 0 to 1.</summary>
    public double MeanIoU { get; }

    /// <summary>Mean of <see cref="PerClassAccuracy"/>, 0 to 1.</summary>
    public double MeanClassAccuracy { get; }

    /// <summary>The part of the pixels that is right, 0 to 1.</summary>
    public double PixelAccuracy { get; }

    /// <summary>Pixels right / (pixels of the class in truth or prediction); NaN for a class that occurs in neither.</summary>
    public IReadOnlyList<double> PerClassIoU { get; }

    /// <summary>Pixels right / pixels of the class in the truth; NaN for a class that does not occur in the truth.</summary>
    public IReadOnlyList<double> PerClassAccuracy { get; }

    /// <summary>Pixels by true class, then by predicted class.</summary>
    public IReadOnlyList<IReadOnlyList<long>> ConfusionMatrix => _confusion;

    /// <summary>The pixels that were counted.</summary>
    public long PixelCount { get; }

    /// <summary>The images that were read.</summary>
    public long ImageCount { get; }

    /// <summary>One line: <c>mIoU=0.412 mAcc=0.530 pixelAcc=0.861</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"mIoU={MeanIoU:0.000} mAcc={MeanClassAccuracy:0.000} pixelAcc={PixelAccuracy:0.000}"
        );

    /// <summary>A table with a line per class (IoU, accuracy, share of the true pixels, most frequent confusion).</summary>
    public string GetFormattedTable()
    {
        var width = Math.Max("Class".Length, ClassNames.Max(name => name.Length));
        var text = new StringBuilder();
        text.AppendLine($"{"Class".PadRight(width)}     IoU     Acc   Share  Most often taken for");
        for (var c = 0; c < ClassNames.Count; c++)
        {
            var line =
                $"{ClassNames[c].PadRight(width)}  {Percent(PerClassIoU[c])}  {Percent(PerClassAccuracy[c])}  "
                + $"{Percent((double)_confusion[c].Sum() / PixelCount)}  {Confusion(c)}";
            text.AppendLine(line.TrimEnd());
        }

        text.AppendLine(
            $"{"Mean".PadRight(width)}  {Percent(MeanIoU)}  {Percent(MeanClassAccuracy)}  {Percent(1)}  "
                + $"pixel accuracy {Percent(PixelAccuracy).Trim()}"
        );
        text.Append(CultureInfo.InvariantCulture, $"{PixelCount:N0} pixels of {ImageCount:N0} images");
        return text.ToString();
    }

    private string Confusion(int truth)
    {
        var row = _confusion[truth];
        var other = Enumerable.Range(0, row.Length).Where(c => c != truth).MaxBy(c => row[c]);
        return other == truth || row[other] == 0
            ? ""
            : $"{ClassNames[other]} ({Percent((double)row[other] / row.Sum()).Trim()})";
    }

    private static string Percent(double value) =>
        double.IsNaN(value) ? "     –" : string.Create(CultureInfo.InvariantCulture, $"{100 * value, 5:0.0}%");

    private static double Ratio(long part, long whole) => whole == 0 ? double.NaN : (double)part / whole;

    private static double Mean(IEnumerable<double> values) =>
        values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
