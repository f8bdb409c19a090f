using System.Numerics;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Where each point of the plane goes from one frame to the next: an affine motion and a few long waves. Never steep
/// enough to fold the plane, hence it can be inverted.
/// </summary>
internal sealed class SmoothField
{
    /// <summary>Parts of the largest displacement, before all is scaled to it; see <see cref="MovingPairOptions"/> for the bound that keeps the field from folding.</summary>
    private const float LinearPart = 0.3f;
    private const float WavePart = 0.15f;
    private const float MostScale = 1.5f;
    private const int WaveCount = 2;
    private const int Steps = 60;
    private const float Precision = 1e-4f;

    private readonly Vector2 _center;
    private Vector2 _translation;
    private Vector2 _alongX;
    private Vector2 _alongY;
    private readonly (Vector2 Amplitude, Vector2 Frequency, float Phase)[] _waves;

    private SmoothField(Vector2 center, Vector2 translation, Vector2 alongX, Vector2 alongY, int waves)
    {
        (_center, _translation, _alongX, _alongY) = (center, translation, alongX, alongY);
        _waves = new (Vector2, Vector2, float)[waves];
    }

    public static SmoothField Translation(float u, float v) => new(default, new(u, v), default, default, 0);

    /// <param name="random">Of what is random.</param>
    /// <param name="height">Of the frame, in pixels.</param>
    /// <param name="width">As <paramref name="height"/>.</param>
    /// <param name="most">The largest displacement within the frame, in pixels.</param>
    /// <param name="waves">Whether it bends; else it is affine.</param>
    public static SmoothField Draw(Random random, int height, int width, float most, bool waves)
    {
        float half = Math.Min(height, width) / 2f;
        var direction = Direction(random) * (0.2f + (0.8f * random.NextSingle()));
        var field = new SmoothField(
            new((width - 1) / 2f, (height - 1) / 2f),
            direction,
            Entry(random) * (LinearPart / half),
            Entry(random) * (LinearPart / half),
            waves ? WaveCount : 0
        );
        for (int i = 0; i < field._waves.Length; i++)
        {
            float length = 2 * half * (1 + random.NextSingle());
            field._waves[i] = (
                Direction(random) * WavePart,
                Direction(random) * (MathF.Tau / length),
                MathF.Tau * random.NextSingle()
            );
        }

        field.Scale(most * Math.Min(MostScale, 1 / field.Largest(height, width)));
        return field;
    }

    /// <summary>How far the point moves that is at a place in the first frame.</summary>
    public Vector2 At(Vector2 point)
    {
        var offset = point - _center;
        var sum = _translation + (_alongX * offset.X) + (_alongY * offset.Y);
        foreach (var (amplitude, frequency, phase) in _waves)
        {
            sum += amplitude * MathF.Sin(Vector2.Dot(frequency, offset) + phase);
        }

        return sum;
    }

    /// <summary>Where a point was in the first frame that is at <paramref name="point"/> in the second.</summary>
    public Vector2 Before(Vector2 point)
    {
        var before = point - At(point);
        for (int step = 0; step < Steps; step++)
        {
            var next = point - At(before);
            if (Vector2.DistanceSquared(next, before) < Precision * Precision)
            {
                return next;
            }

            before = next;
        }

        return before;
    }

    private static Vector2 Direction(Random random)
    {
        var (sine, cosine) = MathF.SinCos(MathF.Tau * random.NextSingle());
        return new(cosine, sine);
    }

    private static Vector2 Entry(Random random) => new((2 * random.NextSingle()) - 1, (2 * random.NextSingle()) - 1);

    /// <summary>Among places on a lattice over the frame.</summary>
    private float Largest(int height, int width)
    {
        const int cells = 8;
        float largest = 0;
        for (int i = 0; i < (cells + 1) * (cells + 1); i++)
        {
            var place = new Vector2(i % (cells + 1) * (width - 1), i / (cells + 1) * (height - 1)) / cells;
            largest = Math.Max(largest, At(place).Length());
        }

        return largest;
    }

    private void Scale(float factor)
    {
        (_translation, _alongX, _alongY) = (_translation * factor, _alongX * factor, _alongY * factor);
        for (int i = 0; i < _waves.Length; i++)
        {
            _waves[i].Amplitude *= factor;
        }
    }
}
