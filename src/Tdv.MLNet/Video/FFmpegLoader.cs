using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Video;

/// <summary>Loads OpenCV once, with FFmpeg's own remarks on damaged streams switched off: the warnings here replace them.</summary>
internal static class FFmpegLoader
{
    private const string FFmpegLevel = "OPENCV_FFMPEG_LOGLEVEL";
    private const string Quiet = "-8";

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <exception cref="InvalidOperationException">OpenCV's native library does not load; the message says what to install.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        OpenCvLoader.SetNative(FFmpegLevel, Quiet);
        OpenCvLoader.EnsureAvailable();
        return true;
    }
}
