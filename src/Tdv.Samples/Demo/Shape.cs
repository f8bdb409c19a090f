namespace Tdv.Samples.Demo;

/// <summary>A textured shape that moves straight on and bounces off the frame's borders, or stands still.</summary>
/// <param name="Kind">Outline and texture.</param>
/// <param name="Texture">What it is covered with; moves along.</param>
/// <param name="Radius">Size in pixels.</param>
/// <param name="X">Center at the start, pixels from the left.</param>
/// <param name="Y">Center at the start, pixels from the top.</param>
/// <param name="Angle">Rotation at the start, radians.</param>
public sealed record Shape(ShapeKind Kind, Texture Texture, float Radius, float X, float Y, float Angle)
{
    /// <summary>Pixels per second to the right; a shape without speed counts as background.</summary>
    public float SpeedX { get; init; }

    /// <summary>Pixels per second downwards.</summary>
    public float SpeedY { get; init; }

    /// <summary>Radians per second.</summary>
    public float Spin { get; init; }

    /// <summary>Its pixel value in the mask.</summary>
    public byte Label => (byte)(SpeedX == 0 && SpeedY == 0 ? ShapeKind.Background : Kind);

    /// <summary>The center after some seconds in a frame of the given height and width.</summary>
    public (float X, float Y) Center(float time, int size) =>
        (Bounce(X + (SpeedX * time), size), Bounce(Y + (SpeedY * time), size));

    private float Bounce(float position, int size)
    {
        float room = size - (2 * Radius);
        float folded = MathF.Abs((position - Radius) % (2 * room));
        return Radius + (folded <= room ? folded : (2 * room) - folded);
    }
}
