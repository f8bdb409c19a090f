using System.Reflection;
using Tdv.MLNet.Diagnostics;

namespace Tdv.MLNet;

/// <summary>Examines what the library needs of the system and of the application.</summary>
public static class TdvDiagnostics
{
    /// <summary>
    /// Examines runtime, packages, native libraries, memory, disk and threads. Never throws: a part that cannot be
    /// examined is a finding of its own. Loads libtorch and OpenCV where they are there, which takes about a second.
    /// </summary>
    public static DiagnosticReport Run() =>
        new([
            Probe(".NET", SystemProbes.Runtime),
            Probe("ML.NET", SystemProbes.MachineLearning),
            Probe("TorchSharp", TorchProbes.Package),
            Probe("libtorch", TorchProbes.Library),
            Probe("GPU", TorchProbes.Gpu),
            Probe("libstdc++", TorchProbes.StandardLibrary),
            Probe("GTK 3", VideoProbes.Gtk),
            Probe("OpenCV", VideoProbes.Library),
            Probe("video", VideoProbes.Backend),
            Probe("SkiaSharp", PictureProbes.Skia),
            Probe("ONNX Runtime", PictureProbes.OnnxRuntime),
            Probe("processor", SystemProbes.Processor),
            Probe("threads", ThreadProbes.Threads),
            Probe("memory", SystemProbes.Memory),
            Probe("disk", SystemProbes.Disk),
        ]);

    /// <summary>One probe's failure is not the others'.</summary>
    internal static Finding Probe(string name, Func<Finding> probe)
    {
        try
        {
            return probe() with { Name = name };
        }
#pragma warning disable CA1031 // whatever is wrong with a system, the report says it
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var cause = exception is TypeInitializationException or TargetInvocationException
                ? exception.InnerException ?? exception
                : exception;
            return new Finding(
                name,
                FindingStatus.Problem,
                $"cannot be examined: {cause.GetType().Name}: {cause.Message.Split('\n')[0]}",
                "Run again with this part of the system repaired; the message says what is missing."
            );
        }
    }
}
