using OpenCvSharp;
using SkiaSharp;
using Tdv.MLNet.Tests;

namespace Tdv.MLNet.Torture;

/// <summary>
/// Generated videos and pictures of several formats and, where <c>TDV_TORTURE_DATA</c> names a folder, those found there:
/// small pictures as they are, videos cut short.
/// </summary>
internal static class MediaSamples
{
    private const long MaxLength = 700_000;
    private const int MaxFound = 40;
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg"];

    private static string? DataFolder =>
        Environment.GetEnvironmentVariable("TDV_TORTURE_DATA") is { Length: > 0 } folder ? folder : null;

    public static List<(string Extension, byte[] Bytes)> Of(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("tdv-samples-");
        using var toy = new ToyData(6);
        try
        {
            return kind switch
            {
                "videos" => VideoSamples.Create(toy, DataFolder, folder.FullName),
                "images" => [.. Images(toy), .. Found(_ => true)],
                _ => [.. Masks(toy), .. Found(file => file.Contains("annot", StringComparison.Ordinal))],
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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

    private static IEnumerable<(string Extension, byte[] Bytes)> Found(Func<string, bool> wanted) =>
        DataFolder is null
            ? []
            : Directory
                .EnumerateFiles(DataFolder, "*", SearchOption.AllDirectories)
                .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Where(wanted)
                .Where(file => new FileInfo(file).Length <= MaxLength)
                .Order(StringComparer.Ordinal)
                .Where((_, index) => index % 17 == 0)
                .Take(MaxFound)
                .Select(file => (Path.GetExtension(file), File.ReadAllBytes(file)));
}
