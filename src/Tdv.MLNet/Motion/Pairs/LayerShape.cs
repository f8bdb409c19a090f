using System.Numerics;

namespace Tdv.MLNet.Motion;

/// <summary>An ellipse, or a regular polygon stretched as an ellipse is.</summary>
/// <param name="Center">In pixels.</param>
/// <param name="Radii">Along its own axes, in pixels.</param>
/// <param name="Angle">Of its axes, in radians.</param>
/// <param name="Corners">3 or more; 0: an ellipse.</param>
internal sealed record LayerShape(Vector2 Center, Vector2 Radii, float Angle, int Corners)
{
    private const int MostCorners = 7;

    /// <summary>A shape that lies at least in part in the frame.</summary>
    public static LayerShape Draw(Random random, int height, int width)
    {
        int corners = random.Next(2, MostCorners + 1);
        float side = Math.Min(height, width);
        return new(
            new(random.NextSingle() * width, random.NextSingle() * height),
            new(side * (0.1f + (0.25f * random.NextSingle())), side * (0.1f + (0.25f * random.NextSingle()))),
            MathF.Tau * random.NextSingle(),
            corners < 3 ? 0 : corners
        );
    }

    public bool Contains(Vector2 point)
    {
        var (sine, cosine) = MathF.SinCos(-Angle);
        var offset = point - Center;
        offset = new Vector2((cosine * offset.X) - (sine * offset.Y), (sine * offset.X) + (cosine * offset.Y)) / Radii;
        float radius = offset.Length();
        if (Corners == 0 || radius > 1)
        {
            return radius <= 1;
        }

        float sector = MathF.Tau / Corners;
        float within = MathF.Atan2(offset.Y, offset.X) + MathF.Tau;
        within -= sector * MathF.Floor(within / sector);
        return radius * MathF.Cos(within - (sector / 2)) <= MathF.Cos(sector / 2);
    }
}
