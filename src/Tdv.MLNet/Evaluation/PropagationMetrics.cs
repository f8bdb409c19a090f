using System.Globalization;
using System.Text;

namespace Tdv.MLNet;

/// <summary>
/// How well masks were carried through videos: J, F and their mean as the DAVIS 2017 toolkit computes them for the
/// semi-supervised task, mean, recall and decay of each. All are means over objects, however many a video has.
/// </summary>
public sealed class PropagationMetrics
{
    internal PropagationMetrics(IReadOnlyList<PropagatedObject> objects, IReadOnlyList<string> unmeasuredVideos)
    {
        Objects = objects;
        UnmeasuredVideos = unmeasuredVideos;
        Region = PropagationStatistics.Average([.. objects.Select(one => one.Region)]);
        Boundary = PropagationStatistics.Average([.. objects.Select(one => one.Boundary)]);
    }

    /// <summary>Each object of each video.</summary>
    public IReadOnlyList<PropagatedObject> Objects { get; }

    /// <summary>J, the intersection over union of masks.</summary>
    public PropagationStatistics Region { get; }

    /// <summary>F, precision and recall of boundaries as one number.</summary>
    public PropagationStatistics Boundary { get; }

    /// <summary>J&amp;F: the mean of both means.</summary>
    public double RegionAndBoundary => (Region.Mean + Boundary.Mean) / 2;

    /// <summary>Videos with fewer than three frames, or with no object in the first one: there is nothing to measure.</summary>
    public IReadOnlyList<string> UnmeasuredVideos { get; }

    /// <summary>One line: <c>J&amp;F=0.618 J=0.602 F=0.634</c>.</summary>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"J&F={RegionAndBoundary:0.000} J={Region.Mean:0.000} F={Boundary.Mean:0.000}"
        );

    /// <summary>A table with a line per object: J&amp;F, then mean, recall and decay of J and of F.</summary>
    public string GetFormattedTable()
    {
        string[] names = [.. Objects.Select(one => $"{one.Video}, {one.Name}")];
        int width = Math.Max("Object".Length, names.Max(name => name.Length));
        var text = new StringBuilder();
        text.AppendLine($"{"Object".PadRight(width)}     J&F       J  recall   decay       F  recall   decay");
        foreach (var (name, one) in names.Zip(Objects))
        {
            text.AppendLine(Line(name, one.RegionAndBoundary, one.Region, one.Boundary));
        }

        text.AppendLine(Line("Mean", RegionAndBoundary, Region, Boundary));
        int videos = Objects.Select(one => one.Video).Distinct().Count();
        text.Append(CultureInfo.InvariantCulture, $"{Objects.Count:N0} objects in {videos:N0} videos");
        if (UnmeasuredVideos.Count > 0)
        {
            text.Append($"; nothing to measure in {string.Join(", ", UnmeasuredVideos.Select(video => $"'{video}'"))}");
        }

        return text.ToString();

        string Line(string name, double both, PropagationStatistics region, PropagationStatistics boundary) =>
            $"{name.PadRight(width)}  {Percent(both)}  {Percent(region)}  {Percent(boundary)}";
    }

    private static string Percent(PropagationStatistics values) =>
        $"{Percent(values.Mean)}  {Percent(values.Recall)}  {Percent(values.Decay)}";

    private static string Percent(double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * value, 5:0.0}%");
}
