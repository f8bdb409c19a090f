using OpenCvSharp;
using Tdv.MLNet.Tests;

namespace Tdv.MLNet.Torture;

/// <summary>
/// Short videos: generated ones in every format that OpenCV writes here, and of each real one its first bytes, in its own
/// format, and its first frames, small, in the formats by turns.
/// </summary>
internal static class VideoSamples
{
    private const int MaxVideos = 40;
    private const int Frames = 12;

    /// <summary>MPEG-1 knows few others.</summary>
    private const int FrameRate = 25;
    private const int MaxWidth = 192;

    /// <summary>An mp4 that begins with its index can be read up to where it is cut.</summary>
    private const int FirstBytes = 300_000;

    private static readonly string[] Endings = [".mp4", ".avi", ".mkv", ".webm"];

    private static readonly (string Extension, string Codec)[] Formats =
    [
        (".avi", "MJPG"),
        (".mp4", "mp4v"),
        (".mkv", "FFV1"),
        (".avi", "HFYU"),
        (".avi", "MP42"),
        (".wmv", "WMV2"),
        (".ts", "MPG2"),
        (".mov", "png "),
        (".mpg", "PIM1"),
        (".flv", "FLV1"),
    ];

    /// <param name="toy">Frames to film.</param>
    /// <param name="data">A folder with real videos, or null.</param>
    /// <param name="scratch">A folder for files that are no longer needed afterwards.</param>
    public static List<(string Extension, byte[] Bytes)> Create(ToyData toy, string? data, string scratch)
    {
        var frames = Directory.GetFiles(toy.FrameFolder).Order(StringComparer.Ordinal).Select(file => Cv2.ImRead(file));
        var filmed = frames.ToList();
        var result = Enumerable.Range(0, Formats.Length).SelectMany(i => Write(filmed, i, scratch)).ToList();
        filmed.ForEach(frame => frame.Dispose());
        int number = 0;
        foreach (string file in data is null ? [] : Videos(data))
        {
            result.Add((Path.GetExtension(file), Beginning(file)));
            var shrunk = Shrunk(file);
            result.AddRange(Write(shrunk, number++, scratch));
            shrunk.ForEach(frame => frame.Dispose());
        }

        return result;
    }

    private static IEnumerable<string> Videos(string folder) =>
        Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)
            .Take(MaxVideos);

    private static byte[] Beginning(string file)
    {
        using var stream = File.OpenRead(file);
        var bytes = new byte[Math.Min(FirstBytes, stream.Length)];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static List<Mat> Shrunk(string file)
    {
        var result = new List<Mat>();
        using var video = new VideoCapture(file);
        using var frame = new Mat();
        while (result.Count < Frames && video.Read(frame))
        {
            double scale = Math.Min(1, (double)MaxWidth / frame.Width);
            // Some formats want even sizes.
            var size = new Size((int)(frame.Width * scale) / 2 * 2, (int)(frame.Height * scale) / 2 * 2);
            result.Add(frame.Resize(size, interpolation: InterpolationFlags.Area));
        }

        return result;
    }

    /// <returns>The video; nothing where this OpenCV cannot write the format.</returns>
    private static IEnumerable<(string Extension, byte[] Bytes)> Write(List<Mat> frames, int number, string scratch)
    {
        var (extension, codec) = Formats[number % Formats.Length];
        string path = Path.Combine(scratch, $"sample{extension}");
        File.Delete(path);
        using (var writer = new VideoWriter(path, FourCC.FromString(codec), FrameRate, frames[0].Size()))
        {
            if (!writer.IsOpened())
            {
                yield break;
            }

            frames.ForEach(frame => writer.Write(frame));
        }

        yield return (extension, File.ReadAllBytes(path));
    }
}
