using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Benchmarks.Featurizing;

/// <summary>Pictures of 320×240 pixels in JPEG files, as frames of a video would be.</summary>
internal sealed class Pictures : IDisposable
{
    private const int Height = 240;
    private const int Width = 320;
    private const int PixelSize = 4;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-bench-");

    public Pictures(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using var image = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, Draw(i));
            image.Save(Path.Combine(_folder.FullName, Name(i)));
        }

        Count = count;
    }

    public int Count { get; }

    public string Folder => _folder.FullName;

    public IDataView View(MLContext ml) =>
        ml.Data.LoadFromEnumerable(Enumerable.Range(0, Count).Select(i => new Row { Path = Name(i) }).ToArray());

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Name(int index) => $"{index}.jpg";

    /// <summary>Waves with some noise over them: neither flat nor noise alone, which JPEG codes unlike any frame.</summary>
    private static byte[] Draw(int seed)
    {
        var random = new Random(seed);
        byte[] pixels = new byte[Height * Width * PixelSize];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i / PixelSize % Width;
            int y = i / PixelSize / Width;
            double wave = Math.Sin((x + (7 * seed)) * 0.05) + Math.Cos(y * 0.07 * (1 + (i % PixelSize)));
            pixels[i] = (byte)(i % PixelSize == 3 ? byte.MaxValue : 128 + (50 * wave) + random.Next(-10, 11));
        }

        return pixels;
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
    }
}
