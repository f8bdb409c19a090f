using Microsoft.ML.Data;

namespace Tdv.Samples.Demo;

/// <summary>A clip and what happens in it.</summary>
public sealed class MovingClip
{
    /// <summary>The video.</summary>
    public string Path { get; set; } = "";

    /// <summary>A <see cref="CameraMove"/>.</summary>
    public string Move { get; set; } = "";

    /// <summary>The mean of red, green and blue over the clip.</summary>
    [VectorType(3)]
    public float[] Color { get; set; } = [];
}
