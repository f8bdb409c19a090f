using Microsoft.ML.Data;

namespace Tdv.Samples;

/// <summary>A moment of a video, and how things move in it.</summary>
public sealed class Moment
{
    /// <summary>Width of the features of the preset Tiny.</summary>
    public const int Width = 192;

    /// <summary>Seconds from the video's start.</summary>
    public float Time { get; set; }

    /// <summary>Motion features of the whole frame.</summary>
    [VectorType(Width)]
    public float[] Motion { get; set; } = [];
}
