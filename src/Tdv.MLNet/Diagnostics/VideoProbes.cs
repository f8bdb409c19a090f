using System.Runtime.InteropServices;
using OpenCvSharp;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Diagnostics;

/// <summary>OpenCV, what it links to, and whether it reads videos.</summary>
internal static class VideoProbes
{
    private const string GtkLibrary = "libgtk-3.so.0";

    public static Finding Gtk() =>
        !OperatingSystem.IsLinux() ? Finding.Fine("not needed here")
        : NativeLibrary.TryLoad(GtkLibrary, out _) ? Finding.Fine(GtkLibrary)
        : Finding.Problem(
            $"{GtkLibrary} does not load, which OpenCV's Linux build links to",
            "Debian, Ubuntu: sudo apt-get install libgtk-3-0. Fedora: sudo dnf install gtk3. Arch: sudo pacman -S gtk3."
        );

    public static Finding Library() =>
        LoadFault() is { } fault
            ? Finding.Problem($"does not load: {fault}", Remedy())
            : Finding.Fine($"{Cv2.GetVersionString()}, OpenCvSharp {SystemProbes.Text(typeof(Cv2).Assembly)}");

    public static Finding Backend()
    {
        if (LoadFault() is not null)
        {
            return Finding.Problem("cannot be read without OpenCV", "See OpenCV above.");
        }

        string? line = Cv2.GetBuildInformation()
            .Split('\n')
            .FirstOrDefault(text => text.TrimStart().StartsWith("FFMPEG:", StringComparison.Ordinal));
        if (line?.Contains("YES", StringComparison.Ordinal) != true)
        {
            return Finding.Problem(
                $"OpenCV is built without FFmpeg ({line?.Trim() ?? "not mentioned"})",
                $"Use the package {Package()}."
            );
        }

        var (text, all) = CodecProbe.Try();
        string conversion = all ? "" : " (convert those: ffmpeg -i IN -c:v libx264 OUT.mp4)";
        return Finding.Fine($"FFmpeg is built into OpenCV and {text}{conversion}");
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
