using OpenCvSharp;

namespace Tdv.MLNet.Imaging;

/// <summary>
/// Loads OpenCV with its own remarks on damaged files switched off, which the errors here replace, and says what to install
/// when it does not load.
/// </summary>
internal static class OpenCvLoader
{
    private const string Level = "OPENCV_LOG_LEVEL";

    /// <summary>Loads OpenCV, or says why it does not load and what to install.</summary>
    /// <exception cref="InvalidOperationException">OpenCV's native library, or one that it needs, is missing.</exception>
    public static void EnsureAvailable()
    {
        try
        {
            _ = Cv2.GetVersionString();
            if (Environment.GetEnvironmentVariable(Level) is null)
            {
                Cv2.SetLogLevel(LogLevel.SILENT);
            }
        }
        catch (Exception exception) when (exception is DllNotFoundException or TypeInitializationException)
        {
            throw Unavailable(exception, OperatingSystem.IsLinux());
        }
    }

    internal static InvalidOperationException Unavailable(Exception cause, bool linux)
    {
        string package = linux ? "OpenCvSharp4.official.runtime.linux-x64" : "OpenCvSharp4.runtime.win";
        string remedy = linux
            ? $"Install its dependency GTK 3 (Debian, Ubuntu: apt-get install libgtk-3-0), or add a package reference to {package} if the application has none."
            : $"Add a package reference to the OpenCvSharp4 runtime of this system to the application, on Windows {package}.";
        return new($"OpenCV, which reads videos, does not load in this application. {remedy}", cause);
    }
}
