using OpenCvSharp;
using SkiaSharp;
using Tdv.MLNet.Tests;

namespace Tdv.MLNet.Torture;

/// <summary>
/// Generated videos and pictures of several formats and, where <c>TDV_TORTURE_DATA</c> names a folder, the small ones
/// found there.
/// </summary>
internal static class MediaSamples
{
    private const long MaxLength = 700_000;
    private const int MaxFound = 40;

    public static List<(string Extension, byte[] Bytes)> Of(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("tdv-samples-");
        using var toy = new ToyData(6);
        try
        {
            var own =
                kind == "videos" ? Videos(toy, folder.FullName)
                : kind == "images" ? Images(toy)
                : Masks(toy);
            return
            [
                .. own,
                .. Found(kind == "videos" ? [".mp4", ".avi", ".mkv", ".webm"] : [".png", ".jpg", ".jpeg"], kind),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<(string Extension, byte[] Bytes)> Videos(ToyData toy, string folder)
    {
        var result = new List<(string, byte[])>();
        foreach (var (extension, codec) in new[] { (".avi", "MJPG"), (".mp4", "mp4v"), (".mkv", "FFV1") })
        {
            string path = Path.Combine(folder, $"sample{extension}");
            using (
                var writer = new VideoWriter(
                    path,
                    FourCC.FromString(codec),
                    10,
                    new Size(ToyData.Width, ToyData.Height)
                )
            )
            {
                foreach (string file in Directory.GetFiles(toy.FrameFolder).Order(StringComparer.Ordinal))
                {
                    using var frame = Cv2.ImRead(file);
                    writer.Write(frame);
                }
            }

            result.Add((extension, File.ReadAllBytes(path)));
        }

        return result;
    }

    private static List<(string Extension, byte[] Bytes)> Images(ToyData toy)
    {
        string file = Directory.GetFiles(toy.FrameFolder)[0];
        using var picture = SKBitmap.Decode(file);
        return
        [
            (".png", File.ReadAllBytes(file)),
            (".jpg", picture.Encode(SKEncodedImageFormat.Jpeg, 90).ToArray()),
            (".webp", picture.Encode(SKEncodedImageFormat.Webp, 90).ToArray()),
            (".bmp", Encoded(file, ".bmp", ImreadModes.Color)),
        ];
    }

    private static List<(string Extension, byte[] Bytes)> Masks(ToyData toy)
    {
        string file = Directory.GetFiles(toy.MaskFolder)[0];
        return
        [
            (".png", File.ReadAllBytes(file)),
            .. new[] { ".bmp", ".tiff", ".pgm", ".jp2" }.Select(extension =>
                (extension, Encoded(file, extension, ImreadModes.Grayscale))
            ),
        ];
    }

    private static byte[] Encoded(string file, string extension, ImreadModes mode)
    {
        using var picture = Cv2.ImRead(file, mode);
        Cv2.ImEncode(extension, picture, out byte[] bytes);
        return bytes;
    }

    private static IEnumerable<(string Extension, byte[] Bytes)> Found(string[] extensions, string kind)
    {
        string? folder = Environment.GetEnvironmentVariable("TDV_TORTURE_DATA");
        return string.IsNullOrEmpty(folder)
            ? []
            : Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Where(file => kind != "masks" || file.Contains("annot", StringComparison.Ordinal))
                .Where(file => new FileInfo(file).Length <= MaxLength)
                .Order(StringComparer.Ordinal)
                .Where((_, index) => kind == "videos" || index % 17 == 0)
                .Take(MaxFound)
                .Select(file => (Path.GetExtension(file), File.ReadAllBytes(file)));
    }
}
