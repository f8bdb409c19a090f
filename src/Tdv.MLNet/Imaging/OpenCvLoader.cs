using System.Globalization;
using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Tdv.MLNet.Imaging;

/// <summary>
/// Loads OpenCV with its own remarks on damaged files switched off, which the errors here replace, and says what to install
/// when it does not load.
/// </summary>
internal static partial class OpenCvLoader
{
    private const string Level = "OPENCV_LOG_LEVEL";
    private const string MostPixels = "OPENCV_IO_MAX_IMAGE_PIXELS";
    private static readonly Lazy<bool> Limited = new(Limit);

    /// <summary>Loads OpenCV, or says why it does not load and what to install.</summary>
    /// <exception cref="InvalidOperationException">OpenCV's native library, or one that it needs, is missing.</exception>
    public static void EnsureAvailable()
    {
        try
        {
            _ = Limited.Value;
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

    /// <summary>Tells native code what .NET's own copy of the environment, on Unix, keeps to itself.</summary>
    public static void SetNative(string name, string value)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SetNative(name, value, overwrite: 0);
        }
    }

    /// <summary>Formats whose headers nobody else reads; OpenCV asks when it is loaded.</summary>
    private static bool Limit()
    {
        SetNative(MostPixels, PictureHeader.MaxPixels.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetNative(string name, string value, int overwrite);

    internal static InvalidOperationException Unavailable(Exception cause, bool linux)
    {
        string package = linux ? "OpenCvSharp4.official.runtime.linux-x64" : "OpenCvSharp4.runtime.win";
        string remedy = linux
            ? $"Install its dependency GTK 3 (Debian, Ubuntu: apt-get install libgtk-3-0), or add a package reference to {package} if the application has none."
            : $"Add a package reference to the OpenCvSharp4 runtime of this system to the application, on Windows {package}.";
        return new($"OpenCV, which reads videos, does not load in this application. {remedy}", cause);
    }
}
