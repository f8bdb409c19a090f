namespace Tdv.Samples.Demo;

/// <summary>
/// What a camera that does not move sees: a disc that goes to and fro. In the second of two clips a square goes up and
/// down besides, faster, for a moment.
/// </summary>
public sealed class CameraClips(string folder)
{
    private const int Size = 96;

    /// <summary>Heights of the picture in a second.</summary>
    private const float UsualSpeed = 0.3f;
    private const float OddSpeed = 0.8f;

    /// <summary>When the odd one is in the picture, in seconds.</summary>
    public const float OddFrom = 4;
    public const float OddUntil = 5.5f;

    public string Usual => Path.Combine(folder, "usual.mp4");

    public string Watched => Path.Combine(folder, "watched.mp4");

    /// <summary>Writes both videos.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Write(int seed, int usualSeconds = 24, int watchedSeconds = 8)
    {
        Directory.CreateDirectory(folder);
        var textures = new TextureFactory(new Random(seed), Size);
        var ground = textures.Create(ShapeKind.Background);
        var usual = Create(textures, ShapeKind.Disc, radius: 0.15f, place: 0.7f) with { SpeedX = UsualSpeed * Size };
        var odd = Create(textures, ShapeKind.Square, radius: 0.2f, place: 0.3f) with { SpeedY = OddSpeed * Size };
        var calm = new Scene(ground, 0, 0, [usual], Size);
        var disturbed = new Scene(ground, 0, 0, [usual, odd], Size);
        Writer(usualSeconds).Film(calm.Draw, Usual);
        // What the camera sees goes on where the first clip ended: the calm moments of the second are new, too.
        Writer(watchedSeconds)
            .Film(
                (time, frame, mask) =>
                    (time is >= OddFrom and < OddUntil ? disturbed : calm).Draw(usualSeconds + time, frame, mask),
                Watched
            );
    }

    private static ClipWriter Writer(int seconds) => new(new DemoOptions { Size = Size, Seconds = seconds });

    /// <summary>A shape in the middle, so far down; radius and place are parts of the picture's height.</summary>
    private static Shape Create(TextureFactory textures, ShapeKind kind, float radius, float place) =>
        new(kind, textures.Create(kind), radius * Size, Size / 2f, place * Size, 0);
}
