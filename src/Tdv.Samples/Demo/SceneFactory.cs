namespace Tdv.Samples.Demo;

/// <summary>Draws scenes by lot.</summary>
public sealed class SceneFactory(int seed, int size)
{
    private const int PlacingAttempts = 200;
    private readonly Random _random = new(seed);

    /// <summary>A moving shape of each kind, and for two of them a twin of the same look that stands still.</summary>
    public Scene Create()
    {
        var textures = new TextureFactory(_random, size);
        var kinds = new[] { ShapeKind.Disc, ShapeKind.Square, ShapeKind.Triangle };
        _random.Shuffle(kinds);
        var still = new List<Shape>();
        var moving = new List<Shape>();
        for (int i = 0; i < kinds.Length; i++)
        {
            var (x, y) = Place(still.Concat(moving));
            var shape = new Shape(
                kinds[i],
                textures.Create(kinds[i]),
                Between(0.15f, 0.19f) * size,
                x,
                y,
                Between(0, MathF.Tau)
            );
            moving.Add(SetInMotion(shape));
            if (i < 2)
            {
                (x, y) = Place(still.Concat(moving));
                still.Add(shape with { X = x, Y = y });
            }
        }

        return new Scene(
            textures.Create(ShapeKind.Background),
            Between(-10, 10),
            Between(-10, 10),
            [.. still, .. moving],
            size
        );
    }

    private Shape SetInMotion(Shape shape)
    {
        float direction = Between(0, MathF.Tau);
        float speed = Between(0.2f, 0.38f) * size;
        return shape with
        {
            SpeedX = speed * MathF.Cos(direction),
            SpeedY = speed * MathF.Sin(direction),
            Spin = Between(-0.5f, 0.5f),
        };
    }

    /// <summary>A center well apart from the others' if lots are lucky, else the last one drawn.</summary>
    private (float X, float Y) Place(IEnumerable<Shape> others)
    {
        float margin = 0.18f * size;
        float distance = 0.42f * size;
        var (x, y) = (0f, 0f);
        for (int attempt = 0; attempt < PlacingAttempts; attempt++)
        {
            (x, y) = (Between(margin, size - margin), Between(margin, size - margin));
            if (others.All(other => MathF.Abs(other.X - x) + MathF.Abs(other.Y - y) > distance))
            {
                break;
            }
        }

        return (x, y);
    }

    private float Between(float low, float high) => low + ((high - low) * _random.NextSingle());
}
