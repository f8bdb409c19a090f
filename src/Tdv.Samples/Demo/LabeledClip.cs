using OpenCvSharp;

namespace Tdv.Samples.Demo;

/// <summary>
/// A clip of three shapes that move over a drifting ground, of whose frames one has a mask, the first; and, to test with,
/// frames of the second after it with true masks.
/// </summary>
public sealed class LabeledClip(string folder)
{
    private const int Size = 128;
    private const int Seconds = 3;
    private const int TestSeconds = 1;
    private const int TestFrames = 8;
    private static readonly DemoOptions Filming = new() { Size = Size, Seconds = Seconds };

    public string Video => Path.Combine(folder, "clip.mp4");

    public string Mask => Path.Combine(folder, "first.png");

    public string TestList => Path.Combine(folder, "test.txt");

    public string Classes => Path.Combine(folder, "classes.txt");

    /// <summary>Writes everything.</summary>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public void Write(int seed)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(
            Classes,
            [
                "# id name red green blue",
                "0 Ground 60 60 70",
                "1 Disc 230 80 60",
                "2 Square 70 170 240",
                "3 Triangle 250 210 60",
            ]
        );
        var scene = Create(new Random(seed));
        byte[][] masks = new ClipWriter(Filming).Film(scene, Video);
        Save(Mask, masks[0], MatType.CV_8UC1);
        WriteTest(scene);
    }

    private void WriteTest(Scene scene)
    {
        var lines = new List<string> { "# image mask" };
        var (frame, mask) = (new byte[Size * Size * 3], new byte[Size * Size]);
        for (int i = 0; i < TestFrames; i++)
        {
            scene.Draw(Seconds + (TestSeconds * (i + 1f) / TestFrames), frame, mask);
            Save(Path.Combine(folder, $"later{i}.png"), frame, MatType.CV_8UC3);
            Save(Path.Combine(folder, $"later{i}.mask.png"), mask, MatType.CV_8UC1);
            lines.Add($"later{i}.png later{i}.mask.png");
        }

        File.WriteAllLines(TestList, lines);
    }

    private static Scene Create(Random random)
    {
        var textures = new TextureFactory(random, Size);
        var kinds = new[] { ShapeKind.Disc, ShapeKind.Square, ShapeKind.Triangle };
        var shapes = kinds.Select(
            (kind, i) =>
                new Shape(kind, textures.Create(kind), 0.15f * Size, (0.2f + (0.3f * i)) * Size, Between(0.2f, 0.8f), 0)
                {
                    SpeedX = Between(-0.3f, 0.3f),
                    SpeedY = Between(-0.3f, 0.3f),
                    Spin = random.NextSingle() - 0.5f,
                }
        );
        return new Scene(textures.Create(ShapeKind.Background), 8, -5, [.. shapes], Size);

        float Between(float low, float high) => (low + ((high - low) * random.NextSingle())) * Size;
    }

    private static void Save(string path, byte[] pixels, MatType type)
    {
        using var picture = Mat.FromPixelData(Size, Size, type, pixels);
        if (!Cv2.ImWrite(path, picture))
        {
            throw new IOException($"The picture '{path}' cannot be written.");
        }
    }
}
