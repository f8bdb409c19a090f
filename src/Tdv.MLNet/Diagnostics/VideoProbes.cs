using System.Runtime.InteropServices;
using OpenCvSharp;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Diagnostics;

/// <summary>OpenCV, what it links to, and whether it reads videos.</summary>
internal static class VideoProbes
{
    private const string GtkLibrary = "libgtk-3.so.0";

    public static ProbeResult Gtk()
    {
        if (!OperatingSystem.IsLinux())
        {
            return ProbeResult.Fine("not needed here");
        }

        if (!NativeLibrary.TryLoad(GtkLibrary, out _))
        {
            return ProbeResult.Problem(
                $"{GtkLibrary} does not load, which OpenCV's Linux build links to",
                "Debian, Ubuntu: sudo apt-get install libgtk-3-0. Fedora: sudo dnf install gtk3. Arch: sudo pacman -S gtk3."
            );
        }

        return ProbeResult.Fine(GtkLibrary);
    }

    public static ProbeResult Library()
    {
        string? fault = LoadFault();
        return fault is null
            ? ProbeResult.Fine($"{Cv2.GetVersionString()}, OpenCvSharp {SystemProbes.Text(typeof(Cv2).Assembly)}")
            : ProbeResult.Problem($"does not load: {fault}", Remedy());
    }

    public static ProbeResult Backend()
    {
        if (LoadFault() is not null)
        {
            return ProbeResult.Problem("cannot be read without OpenCV", "See OpenCV above.");
        }

        string? line = Cv2.GetBuildInformation()
            .Split('\n')
            .FirstOrDefault(text => text.TrimStart().StartsWith("FFMPEG:", StringComparison.Ordinal));
        return line?.Contains("YES", StringComparison.Ordinal) ?? false
            ? ProbeResult.Fine("FFmpeg is built into OpenCV")
            : ProbeResult.Problem(
                $"OpenCV is built without FFmpeg ({line?.Trim() ?? "not mentioned"})",
                $"Use the package {Package()}."
            );
    }

    private static string? LoadFault()
    {
        try
        {
            OpenCvLoader.EnsureAvailable();
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return TorchProbes.FirstLine(exception.InnerException);
        }
    }

    private static string Remedy() =>
        $"Add a package reference to {Package()} to the application{(OperatingSystem.IsLinux() ? "; if it has one, install GTK 3, see above" : "")}.";

    private static string Package() =>
        OperatingSystem.IsLinux() ? "OpenCvSharp4.official.runtime.linux-x64" : "OpenCvSharp4.runtime.win";
}
