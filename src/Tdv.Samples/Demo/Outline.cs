namespace Tdv.Samples.Demo;

/// <summary>Signed distances to the outlines of shapes: negative inside, in pixels, which gives smooth edges.</summary>
public static class Outline
{
    private const float HalfRoot3 = 0.8660254f;

    /// <param name="kind">The shape.</param>
    /// <param name="x">To the right of the shape's center.</param>
    /// <param name="y">Below the shape's center.</param>
    /// <param name="radius">Radius of the disc; the other shapes have about its area.</param>
    public static float Distance(ShapeKind kind, float x, float y, float radius) =>
        kind switch
        {
            ShapeKind.Disc => MathF.Sqrt((x * x) + (y * y)) - radius,
            ShapeKind.Square => MathF.Max(MathF.Abs(x), MathF.Abs(y)) - (0.89f * radius),
            _ => MathF.Max((MathF.Abs(x) * HalfRoot3) + (y * 0.5f), -y) - (0.78f * radius),
        };

    /// <summary>No point of the outline is further from the center.</summary>
    public static float Reach(float radius) => 1.6f * radius;
}
