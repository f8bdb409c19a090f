using Tdv.MLNet.Foundation;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>Which videos are learned from, and on which others it is proven what was learned.</summary>
/// <param name="Learned">To be learned from.</param>
/// <param name="Unseen">To be measured on; none where there are too few to do without some.</param>
/// <param name="LeftOut">What folders hold beside videos, a sentence for each.</param>
internal sealed record HeldOutVideos(
    IReadOnlyList<string> Learned,
    IReadOnlyList<string> Unseen,
    IReadOnlyList<string> LeftOut
)
{
    /// <summary>Learns from all.</summary>
    public const string None = "none";

    /// <summary>Of fewer, each counts.</summary>
    public const int Enough = 10;

    /// <summary>One in so many is held out.</summary>
    private const int OneIn = 10;
    private const int Least = 2;

    /// <summary>More would show little more.</summary>
    public const int Most = 8;

    /// <param name="videos">What the user named to learn from.</param>
    /// <param name="unseen">What the user named to measure on; <see cref="None"/>, or null for the usual choice.</param>
    /// <exception cref="UserException">Something is missing, or nothing is left to learn from.</exception>
    public static HeldOutVideos Of(string videos, string? unseen) =>
        Of(
            [videos],
            unseen switch
            {
                null => null,
                None => [],
                _ => [unseen],
            }
        );

    /// <summary>The same of several.</summary>
    /// <inheritdoc cref="Of(string, string?)"/>
    /// <param name="unseen">Empty: learns from all; null: the usual choice.</param>
    public static HeldOutVideos Of(IReadOnlyList<string> videos, IReadOnlyList<string>? unseen)
    {
        var named = new VideoPaths(videos);
        var others = unseen is { Count: > 0 } ? new VideoPaths(unseen) : null;
        string[] faults = [.. named.Faults, .. others?.Faults ?? []];
        if (faults.Length > 0)
        {
            throw new UserException($"Videos cannot be loaded:\n- {string.Join("\n- ", faults)}");
        }

        string[] heldOut =
            others is not null ? [.. others.Videos]
            : unseen is null ? [.. Usual(named.Videos)]
            : [];
        string[] learned = [.. named.Videos.ExceptBy(heldOut.Select(RealPath.Of), RealPath.Of)];
        return learned.Length > 0
            ? new HeldOutVideos(learned, heldOut, named.LeftOut)
            : throw new UserException(
                "Every video of --videos is among those of --unseen: name some more to learn from, or others."
            );
    }

    /// <summary>Evenly through the list, so that a folder for each subject has some of most.</summary>
    private static IEnumerable<string> Usual(IReadOnlyList<string> videos)
    {
        int count = videos.Count < Enough ? 0 : Math.Clamp(videos.Count / OneIn, Least, Most);
        return Enumerable.Range(0, count).Select(i => videos[((2 * i) + 1) * videos.Count / (2 * count)]);
    }
}
