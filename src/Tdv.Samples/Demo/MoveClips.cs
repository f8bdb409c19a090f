namespace Tdv.Samples.Demo;

/// <summary>
/// Clips of a second in which a camera moves over a texture: the same textures for every kind of move, so that looks tell
/// nothing of it.
/// </summary>
public sealed class MoveClips(string folder)
{
    private const int Size = 96;
    private const int Channels = 3;
    private const float Middle = Size / 2f;
    private static readonly DemoOptions Options = new() { Size = Size, Seconds = 1 };

    /// <summary>Films each of some textures with every move.</summary>
    /// <param name="name">Begins the files' names.</param>
    /// <param name="textures">How many textures.</param>
    /// <param name="seed">Decides textures, places and speeds.</param>
    /// <returns>The files, and what moves in them.</returns>
    /// <exception cref="IOException">They cannot be written.</exception>
    public IReadOnlyList<MovingClip> Write(string name, int textures, int seed)
    {
        Directory.CreateDirectory(folder);
        var random = new Random(seed);
        var writer = new ClipWriter(Options);
        var clips = new List<MovingClip>();
        for (int i = 0; i < textures; i++)
        {
            var texture = new TextureFactory(random, Size).Create(ShapeKind.Background);
            foreach (var move in Enum.GetValues<CameraMove>())
            {
                string path = Path.Combine(folder, $"{name}{i:00}-{move}.mp4");
                float speed = 0.6f + (0.8f * random.NextSingle());
                var sums = new double[Channels];
                writer.Film(
                    (time, frame, _) =>
                    {
                        Draw(texture, move, speed * time, frame);
                        Add(frame, sums);
                    },
                    path
                );
                float[] color = [.. sums.Select(sum => (float)(sum / (Options.FramesPerClip * Size * Size)))];
                clips.Add(
                    new MovingClip
                    {
                        Path = path,
                        Move = move.ToString(),
                        Color = color,
                    }
                );
            }
        }

        return clips;
    }

    /// <summary>What the camera sees after it has moved so far: about a third of the frame, or of a right angle, for 1.</summary>
    private static void Draw(Texture texture, CameraMove move, float way, Span<byte> frame)
    {
        float angle = move switch
        {
            CameraMove.TurnLeft => -0.6f * way,
            CameraMove.TurnRight => 0.6f * way,
            _ => 0,
        };
        float zoom = move switch
        {
            CameraMove.Nearer => MathF.Exp(-0.5f * way),
            CameraMove.Farther => MathF.Exp(0.5f * way),
            _ => 1,
        };
        var (right, down) = move switch
        {
            CameraMove.Left => (-32 * way, 0f),
            CameraMove.Right => (32 * way, 0f),
            CameraMove.Up => (0f, -32 * way),
            CameraMove.Down => (0f, 32 * way),
            _ => (0f, 0f),
        };
        var (sine, cosine) = MathF.SinCos(angle);
        for (int pixel = 0; pixel < Size * Size; pixel++)
        {
            var (dx, dy) = (zoom * ((pixel % Size) - Middle), zoom * ((pixel / Size) - Middle));
            var color = texture.At(
                (Texture.Size / 2) + right + (cosine * dx) - (sine * dy),
                (Texture.Size / 2) + down + (sine * dx) + (cosine * dy)
            );
            var target = frame.Slice(pixel * Channels, Channels);
            (target[0], target[1], target[2]) = ((byte)color.Blue, (byte)color.Green, (byte)color.Red);
        }
    }

    /// <summary>Adds a frame's red, green and blue.</summary>
    private static void Add(ReadOnlySpan<byte> frame, double[] sums)
    {
        for (int i = 0; i < frame.Length; i++)
        {
            sums[Channels - 1 - (i % Channels)] += frame[i];
        }
    }
}
