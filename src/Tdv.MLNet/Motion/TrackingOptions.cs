using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>Which columns points are followed in, and how.</summary>
public sealed record TrackingOptions
{
    /// <summary>More cells to each side than any frame should need.</summary>
    private const int MostRadius = 256;

    /// <summary>The feature grid, <c>Vector&lt;Single, height, width, D&gt;</c>. Default: <c>Features</c>.</summary>
    public string FeatureColumnName { get; init; } = "Features";

    /// <summary>
    /// The text column that tells videos apart; where it changes, a new video begins. Default: <c>Video</c>, as
    /// <c>LoadFromVideos</c> gives it. Null: all rows are one video.
    /// </summary>
    public string? VideoColumnName { get; init; } = "Video";

    /// <summary>
    /// The image column that points are in pixels of; of each video its first row's. Default: <c>Frame</c>. Not read if
    /// <see cref="PictureHeight"/> and <see cref="PictureWidth"/> are given.
    /// </summary>
    public string ImageColumnName { get; init; } = "Frame";

    /// <summary>Height in pixels of the picture that points are in. Default: that of the image column.</summary>
    public int? PictureHeight { get; init; }

    /// <summary>Width in pixels; given together with <see cref="PictureHeight"/>.</summary>
    public int? PictureWidth { get; init; }

    /// <summary>The column of positions, <c>Vector&lt;Single, points, 2&gt;</c>: x and y. Default: <c>Tracks</c>.</summary>
    public string TracksColumnName { get; init; } = "Tracks";

    /// <summary>The column of visibility, <c>Vector&lt;Boolean, points&gt;</c>. Default: <c>Visible</c>.</summary>
    public string VisibleColumnName { get; init; } = "Visible";

    /// <summary>
    /// Cells of the grid to each side of a point's last place in which it is sought, 1 to 256. Further than points move
    /// from frame to frame, but not much: the more places, the more that look alike. Default: 3.
    /// </summary>
    public int SearchRadius { get; init; } = 3;

    /// <summary>
    /// Of the soft-argmax over cosines that finds the place between cells: the smaller, the more the best cell counts.
    /// Default: 0.05.
    /// </summary>
    public double Temperature { get; init; } = 0.05;

    /// <summary>
    /// What is taken off a cell's cosine for each squared cell of its distance from the point's last place, 0 or more: of
    /// cells that look alike, the nearer one is right more often. Default: 0.03.
    /// </summary>
    public double DistancePenalty { get; init; } = 0.03;

    /// <summary>
    /// The cosine, -1 to 1, of a point's feature with that of the place where it is found, from which on it counts as
    /// visible. Default: 0.2; features have their mean taken off, so what has nothing in common is at 0.
    /// </summary>
    public double LeastCosine { get; init; } = 0.2;

    /// <summary>
    /// Cells between a point and where its found place leads when it is sought backwards, up to which the point counts as
    /// visible (cycle consistency). Default: 4; a stricter check refuses more points that are seen than points that are not.
    /// </summary>
    public double MaxCycleDistance { get; init; } = 4;

    internal void Check(Faults faults)
    {
        foreach (
            var (name, value) in new[]
            {
                (nameof(FeatureColumnName), FeatureColumnName),
                (nameof(ImageColumnName), ImageColumnName),
                (nameof(TracksColumnName), TracksColumnName),
                (nameof(VisibleColumnName), VisibleColumnName),
            }
        )
        {
            faults.Check(!string.IsNullOrWhiteSpace(value), $"{name} is empty.");
        }

        faults.Check(
            VideoColumnName is null || !string.IsNullOrWhiteSpace(VideoColumnName),
            $"{nameof(VideoColumnName)} is empty; give null if all rows are one video."
        );
        faults.Check(
            TracksColumnName != VisibleColumnName,
            $"{nameof(TracksColumnName)} and {nameof(VisibleColumnName)} are both '{TracksColumnName}'; give two names."
        );
        faults.Check(
            PictureHeight is null == PictureWidth is null,
            $"{nameof(PictureHeight)} and {nameof(PictureWidth)} belong together; give both or neither."
        );
        foreach (
            var (name, value) in new[] { (nameof(PictureHeight), PictureHeight), (nameof(PictureWidth), PictureWidth) }
        )
        {
            faults.Check(value is null or > 0, $"{name} is {value}; it must be at least 1.");
        }

        faults.Check(
            SearchRadius is >= 1 and <= MostRadius,
            $"{nameof(SearchRadius)} is {SearchRadius}; it must be from 1 to {MostRadius} cells."
        );
        Number(nameof(Temperature), Temperature, Temperature > 0, "above 0");
        Number(nameof(DistancePenalty), DistancePenalty, DistancePenalty >= 0, "0 or more");
        Number(nameof(LeastCosine), LeastCosine, LeastCosine is >= -1 and <= 1, "from -1 to 1");
        Number(nameof(MaxCycleDistance), MaxCycleDistance, MaxCycleDistance >= 0, "0 or more");

        void Number(string name, double value, bool holds, string expected) =>
            faults.Check(
                holds && double.IsFinite(value),
                FormattableString.Invariant($"{name} is {value}; it must be {expected}.")
            );
    }
}
