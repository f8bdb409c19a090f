using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Video;

namespace Tdv.MLNet.Diagnostics;

/// <summary>Which codecs FFmpeg, as it was built, decodes: tried with a gray frame of each.</summary>
internal static class CodecProbe
{
    private static readonly (string Name, string File)[] Samples =
    [
        ("H.264", "h264.mp4"),
        ("HEVC", "hevc.mp4"),
        ("AV1", "av1.mp4"),
        ("VP9", "vp9.webm"),
        ("VP8", "vp8.webm"),
        ("MPEG-4", "mpeg4.mp4"),
        ("MPEG-2", "mpeg2.mpg"),
        ("Motion JPEG", "mjpeg.mp4"),
        ("ProRes", "prores.mov"),
    ];

    /// <summary>In words, such as "decodes H.264, VP9; not AV1".</summary>
    public static (string Text, bool All) Try()
    {
        FFmpegLoader.EnsureLoaded();
        return TemporaryPlaces.First("Samples of videos", Try);
    }

    private static (string Text, bool All) Try(string place)
    {
        string folder = Path.Combine(place, $"tdv-codecs-{Path.GetRandomFileName()}");
        if (!Directory.Exists(place))
        {
            throw new DirectoryNotFoundException("There is no such folder.");
        }

        Directory.CreateDirectory(folder);
        try
        {
            var byOutcome = Samples.ToLookup(sample => Decodes(folder, sample.File), sample => sample.Name);
            string decoded = byOutcome[true].Any()
                ? $"decodes {string.Join(", ", byOutcome[true])}"
                : "decodes none tried";
            string missing = byOutcome[false].Any() ? $"; not {string.Join(", ", byOutcome[false])}" : "";
            return (decoded + missing, missing.Length == 0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Decodes(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        using (Stream sample = typeof(CodecProbe).Assembly.GetManifestResourceStream($"Codecs.{name}")!)
        using (FileStream file = File.Create(path))
        {
            sample.CopyTo(file);
        }

        try
        {
            using var video = new VideoFile(path);
            using var frame = new Mat();
            return video.Grab() && video.Retrieve(frame);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
