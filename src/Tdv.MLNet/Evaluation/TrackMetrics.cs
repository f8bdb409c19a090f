using System.Globalization;

namespace Tdv.MLNet;

/// <summary>
/// How well points were followed, by TAP-Vid's measures (Doersch et al. 2022, section 3.3): over all frames after each
/// point's query, in pixels of pictures resized to 256 × 256, for each video and then as the mean over the videos.
/// </summary>
/// <param name="PositionAccuracies">For each threshold: of the points that are seen in truth, the part found less far away.</param>
/// <param name="Jaccards">
/// For each threshold: true positives (seen in truth, said to be seen, and found less far away) among these, the other
/// points that are seen in truth, and the other points said to be seen.
/// </param>
/// <param name="OcclusionAccuracy">The part of all points for which it is right whether they are seen, 0 to 1.</param>
/// <param name="Videos">How many videos count.</param>
/// <param name="Points">How many points count, each in many frames.</param>
public sealed record TrackMetrics(
    IReadOnlyList<double> PositionAccuracies,
    IReadOnlyList<double> Jaccards,
    double OcclusionAccuracy,
    int Videos,
    int Points
)
{
    /// <summary>Pixels of a picture of 256 × 256: 1, 2, 4, 8, 16.</summary>
    public static IReadOnlyList<int> Thresholds { get; } = [1, 2, 4, 8, 16];

    /// <summary>TAP-Vid's δ_avg: the mean of <see cref="PositionAccuracies"/>, 0 to 1.</summary>
    public double PositionAccuracy => PositionAccuracies.Average();

    /// <summary>TAP-Vid's AJ: the mean of <see cref="Jaccards"/>, 0 to 1. Position and visibility in one figure.</summary>
    public double AverageJaccard => Jaccards.Average();

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"position accuracy {100 * PositionAccuracy:F1}, average Jaccard {100 * AverageJaccard:F1}, "
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"occlusion accuracy {100 * OcclusionAccuracy:F1} ({Points} points in {Videos} video(s))"
        );
}
