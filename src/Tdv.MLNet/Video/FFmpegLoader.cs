using System.Runtime.InteropServices;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Video;

/// <summary>Loads OpenCV once, with FFmpeg's own remarks on damaged streams switched off: the warnings here replace them.</summary>
internal static partial class FFmpegLoader
{
    private const string FFmpegLevel = "OPENCV_FFMPEG_LOGLEVEL";
    private const string Quiet = "-8";

    private static readonly Lazy<bool> Loaded = new(Load);

    /// <exception cref="InvalidOperationException">OpenCV's native library does not load; the message says what to install.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    private static bool Load()
    {
        if (!OperatingSystem.IsWindows())
        {
            // .NET keeps its own copy of the environment on Unix; native code sees only what libc is told.
            _ = SetNative(FFmpegLevel, Quiet, overwrite: 0);
        }
        OpenCvLoader.EnsureAvailable();
        return true;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);
}
