using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using SkiaSharp;

namespace Tdv.MLNet.Diagnostics;

/// <summary>SkiaSharp, which ML.NET reads pictures with, and ONNX Runtime, which computes features on the CPU.</summary>
internal static class PictureProbes
{
    public static Finding Skia()
    {
        // Known before anything native is loaded: another major version breaks MLImage at its first call.
        var version = typeof(SKColor).Assembly.GetName().Version!;
        if (version is not { Major: 2, Minor: 88 })
        {
            return Finding.Problem(
                $"{version.ToString(3)}, but ML.NET's MLImage was built for 2.88",
                "Pin SkiaSharp and its native assets to 2.88.9, and drop what needs SkiaSharp 3, such as ScottPlot 5."
            );
        }

        try
        {
            using var picture = new SKBitmap(1, 1);
            using var data = picture.Encode(SKEncodedImageFormat.Png, 100);
            return Finding.Fine(version.ToString(3));
        }
        catch (Exception exception)
            when (exception is DllNotFoundException or TypeInitializationException or InvalidOperationException)
        {
            return Finding.Problem(
                $"{version.ToString(3)}, but its native library does not fit or load: {TorchProbes.FirstLine(exception)}",
                "Reference SkiaSharp.NativeAssets.Linux.NoDependencies (Windows, macOS: SkiaSharp) in the same version, 2.88.9."
            );
        }
    }

    public static Finding OnnxRuntime()
    {
        var assembly = typeof(InferenceSession).Assembly;
        string version = SystemProbes.Text(assembly);
        return NativeLibrary.TryLoad("onnxruntime", assembly, null, out _)
            ? Finding.Fine(version)
            : Finding.Problem(
                $"{version}, but its native library does not load; features are computed with it on the CPU",
                "Reference Microsoft.ML.OnnxRuntime in the application itself, so that its native library is copied beside it."
            );
    }
}
