using Microsoft.ML;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>ML.NET's context as the commands use it.</summary>
internal static class Context
{
    /// <summary>A context whose warnings about data are shown, each once.</summary>
    public static MLContext Create(int seed)
    {
        var ml = new MLContext(seed) { FallbackToCpu = true, TempFilePath = TemporaryFolder() };
        var shown = new HashSet<string>();
        ml.Log += (_, entry) =>
        {
            if (entry.Kind == ChannelMessageKind.Warning && IsOurs(entry.Source))
            {
                lock (shown)
                {
                    if (shown.Add(entry.RawMessage))
                    {
                        Terminal.Warning(entry.RawMessage);
                    }
                }
            }
        };
        return ml;
    }

    /// <summary>Ends the reading of videos, which may pass many frames before there is a row, when the user stops.</summary>
    public static CancellationTokenRegistration EndWith(this MLContext ml, CancellationToken cancellation) =>
        cancellation.Register(() => MLNetInternals.Cancel(ml));

    /// <summary>ML.NET saves and loads models by way of files; without a folder for them, a training would be lost at its end.</summary>
    private static string TemporaryFolder() =>
        TemporaryPlaces.First(
            "Temporary files",
            folder =>
            {
                TemporaryPlaces.OpenPrivate(folder).Dispose();
                return folder;
            },
            warn: Terminal.Warning
        );

    private static bool IsOurs(string source) =>
        source.Contains("Tdv", StringComparison.Ordinal)
        || source.Contains("Video", StringComparison.Ordinal)
        || source.Contains("PixelWise", StringComparison.Ordinal);
}
