using Tdv.MLNet.Foundation;

namespace Tdv.MLNet;

/// <summary>How <c>LoadPictures</c> reads pictures.</summary>
public sealed record PictureOptions
{
    /// <summary>
    /// Pixels that are enough in height, with <see cref="LeastWidth"/>: JPEGs are then decoded at the smallest of their own
    /// scales (eighths) that is no smaller, which takes a fraction of the time. For pictures that are made smaller anyway;
    /// masks belong to a picture in its own size. Default: the picture's own size.
    /// </summary>
    public int? LeastHeight { get; init; }

    /// <summary>Pixels that are enough in width, as <see cref="LeastHeight"/>.</summary>
    public int? LeastWidth { get; init; }

    internal (int Height, int Width)? Least =>
        LeastHeight is { } height && LeastWidth is { } width ? (height, width) : null;

    internal void Check(Faults faults)
    {
        faults.Check(
            LeastHeight is null == LeastWidth is null,
            $"{nameof(LeastHeight)} and {nameof(LeastWidth)} belong together; give both or neither."
        );
        faults.Check(LeastHeight is null or >= 1, $"{nameof(LeastHeight)} is {LeastHeight}; it must be at least 1.");
        faults.Check(LeastWidth is null or >= 1, $"{nameof(LeastWidth)} is {LeastWidth}; it must be at least 1.");
    }
}
