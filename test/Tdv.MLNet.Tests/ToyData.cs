using SkiaSharp;

namespace Tdv.MLNet.Tests;

/// <summary>A folder of numbered frames in which a striped square moves to the right, with a mask of every frame.</summary>
internal sealed class ToyData : IDisposable
{
    public const int Width = 64;
    public const int Height = 48;
    private const int Square = 20;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-toy-");

    public ToyData(int frames = 6)
    {
        Directory.CreateDirectory(FrameFolder);
        Directory.CreateDirectory(MaskFolder);
        for (int index = 0; index < frames; index++)
        {
            Draw(Path.Combine(FrameFolder, Name(index)), SKColorType.Bgra8888, index, Frame);
            Draw(Path.Combine(MaskFolder, Name(index)), SKColorType.Gray8, index, Mask);
        }

        File.WriteAllText(ClassFile, "# id name R G B\n0 Ground 60 90 60\n1 Square 220 60 40\n9 Border 0 0 0 ignore\n");
    }

    public string Folder => _folder.FullName;

    public string FrameFolder => Path.Combine(Folder, "frames");

    public string MaskFolder => Path.Combine(Folder, "masks");

    public string ClassFile => Path.Combine(Folder, "classes.txt");

    public static string Name(int index) => $"{index:D4}.png";

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Draw(string path, SKColorType type, int index, Func<int, int, int, SKColor> color)
    {
        using var picture = new SKBitmap(Width, Height, type, SKAlphaType.Opaque);
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                picture.SetPixel(x, y, color(x, y, index));
            }
        }

        using var file = File.Create(path);
        picture.Encode(file, SKEncodedImageFormat.Png, quality: 100);
    }

    private static bool InSquare(int x, int y, int index) =>
        x >= 4 * index && x < (4 * index) + Square && y >= 14 && y < 14 + Square;

    private static SKColor Frame(int x, int y, int index) =>
        InSquare(x, y, index)
            ? new SKColor(220, (byte)(40 + (60 * (x % 2))), 40)
            : new SKColor(60, (byte)(90 + (x * y % 7)), 60);

    private static SKColor Mask(int x, int y, int index)
    {
        byte id = (byte)(
            y == 0 ? 9
            : InSquare(x, y, index) ? 1
            : 0
        );
        return new SKColor(id, id, id);
    }
}
