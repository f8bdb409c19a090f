namespace Tdv.Samples.Demo;

/// <summary>
/// Textures of one scene. Every texture, the background's included, mixes two colors of the scene's one small palette,
/// so that color says little about what a pixel belongs to; the pattern says it.
/// </summary>
public sealed class TextureFactory
{
    private const int PaletteSize = 4;
    private readonly Random _random;
    private readonly float _scale;
    private readonly Rgb[] _dark;

    public TextureFactory(Random random, int frameSize)
    {
        _random = random;
        _scale = frameSize / 160f;
        _dark = Colors(0.30f, 0.50f);
    }

    public Texture Create(ShapeKind kind)
    {
        var grain = new ValueNoise(_random, Texture.Size / 2);
        var shade = new ValueNoise(_random, 6);
        var pattern = kind switch
        {
            ShapeKind.Disc => Stripes(),
            ShapeKind.Square => Checks(),
            ShapeKind.Triangle => Dots(),
            _ => Ground(),
        };
        float contrast = kind == ShapeKind.Background ? 0.35f : 0.70f;
        return new Texture(
            _dark[_random.Next(PaletteSize)],
            Light(kind),
            (x, y) => (contrast * pattern(x, y)) + (0.18f * grain.At(x, y)) + (0.12f * shade.At(x, y))
        );
    }

    /// <summary>Each kind prefers a hue, but they overlap with each other's and with the background's.</summary>
    private Rgb Light(ShapeKind kind)
    {
        float hue = kind switch
        {
            ShapeKind.Disc => Between(-0.6f, 1.0f),
            ShapeKind.Square => Between(1.4f, 3.0f),
            ShapeKind.Triangle => Between(3.4f, 5.0f),
            _ => Between(0, 6),
        };
        return Rgb.FromHsv((hue + 6) % 6, Between(0.35f, 0.75f), Between(0.65f, 0.95f));
    }

    private Rgb[] Colors(float darkest, float lightest) =>
        [
            .. Enumerable
                .Range(0, PaletteSize)
                .Select(_ => Rgb.FromHsv(Between(0, 6), Between(0.15f, 0.65f), Between(darkest, lightest))),
        ];

    private Func<int, int, float> Stripes()
    {
        float step = MathF.Tau / (_scale * Between(13, 17));
        float angle = Between(0, MathF.PI);
        var (dx, dy) = (MathF.Cos(angle) * step, MathF.Sin(angle) * step);
        return (x, y) => Step(MathF.Sin((x * dx) + (y * dy)));
    }

    private Func<int, int, float> Checks()
    {
        float step = MathF.Tau / (_scale * Between(18, 23));
        return (x, y) => Step(2 * MathF.Sin(x * step) * MathF.Sin(y * step));
    }

    private Func<int, int, float> Dots()
    {
        float step = MathF.Tau / (_scale * Between(13, 17));
        return (x, y) => Step(MathF.Cos(x * step) + MathF.Cos(y * step) - 0.7f);
    }

    /// <summary>Two octaves, stretched to the contrast of the other patterns.</summary>
    private Func<int, int, float> Ground()
    {
        var coarse = new ValueNoise(_random, _random.Next(14, 22));
        var fine = new ValueNoise(_random, _random.Next(38, 56));
        return (x, y) => Step(6 * ((0.4f * coarse.At(x, y)) + (0.6f * fine.At(x, y)) - 0.5f));
    }

    /// <summary>From about −1 … 1 to 0 … 1 with a soft edge.</summary>
    private static float Step(float value) => Math.Clamp(0.5f + (0.9f * value), 0, 1);

    private float Between(float low, float high) => low + ((high - low) * _random.NextSingle());
}
