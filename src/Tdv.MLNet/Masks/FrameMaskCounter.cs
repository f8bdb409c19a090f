using Microsoft.ML;

namespace Tdv.MLNet.Masks;

/// <summary>Counts the rows of each video, to find those that have a mask.</summary>
internal sealed class FrameMaskCounter(IReadOnlyList<FrameMask> masks, ValueGetter<ReadOnlyMemory<char>>? getVideo)
{
    private readonly HashSet<FrameMask> _missing = [.. masks];
    private string? _firstVideo;
    private string? _video;
    private long _row;

    /// <summary>The current row's mask.</summary>
    public FrameMask? Current { get; private set; }

    public static string Name(string? video) => video is null ? "the first video" : $"video '{video}'";

    /// <param name="found">Whether there is a row.</param>
    /// <exception cref="InvalidOperationException">The rows have ended, and there are masks for which there was none.</exception>
    public void Move(bool found)
    {
        if (!found)
        {
            Current = null;
            RequireAll();
            return;
        }

        ReadOnlyMemory<char> read = default;
        getVideo?.Invoke(ref read);
        bool isNew = _video is null || !read.Span.SequenceEqual(_video);
        _row = isNew ? 0 : _row + 1;
        _video = isNew ? read.ToString() : _video;
        _firstVideo ??= _video;
        Current = masks.FirstOrDefault(mask => mask.Row == _row && (mask.Video ?? _firstVideo) == _video);
        if (Current is { } mask)
        {
            _missing.Remove(mask);
        }
    }

    private void RequireAll()
    {
        if (_missing.Count > 0)
        {
            throw new InvalidOperationException(
                "There are masks without a row:"
                    + string.Concat(
                        _missing.Select(mask =>
                            $"{Environment.NewLine}- '{mask.Path}' belongs to row {mask.Row} of {Name(mask.Video)}, which "
                            + "there is not."
                        )
                    )
            );
        }
    }
}
