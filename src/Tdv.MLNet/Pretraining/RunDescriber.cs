using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>Puts a training into words: names and values that can be compared and repeated.</summary>
internal static class RunDescriber
{
    public static RunDescription Describe(TdvOptions options, Recipe recipe, int seed, Device device) =>
        new()
        {
            Options = new Dictionary<string, string>
            {
                [nameof(options.Preset)] = options.Preset.ToString(),
                [nameof(options.FrameEncoder)] = options.FrameEncoder is { } start
                    ? Fingerprint(start.Network)
                    : "none",
                [nameof(options.FreezeFrameEncoder)] = options.FreezeFrameEncoder.ToString(),
                [nameof(options.ImageSize)] = Text(recipe.Network.TrainingSize),
                [nameof(options.Steps)] = Text(recipe.Training.Steps),
                [nameof(options.BatchSize)] = Text(recipe.Training.BatchSize),
                [nameof(options.AccumulatedBatches)] = Text(recipe.Training.Accumulation),
                [nameof(options.LearningRate)] = Text(recipe.Training.Schedule.Peak),
                [nameof(options.WarmUpSteps)] = Text(recipe.Training.Schedule.WarmUpSteps),
                [nameof(options.Precision)] = (
                    recipe.Training.BFloat16 ? TdvPrecision.BFloat16 : TdvPrecision.Float32
                ).ToString(),
                [nameof(options.Seed)] = Text(seed),
            },
            Recipe = Flatten(JsonSerializer.SerializeToElement(recipe), ""),
            Machine = new Dictionary<string, string>
            {
                ["Tdv.MLNet"] = Version(typeof(RunDescriber)),
                ["TorchSharp"] = Version(typeof(torch)),
                ["libtorch"] = torch.__version__,
                ["Device"] = device.ToString(),
                ["Threads"] = Text(get_num_threads()),
                ["Platform"] = $"{RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}",
            },
        };

    /// <summary>Numbers by their path, such as <c>Training.Schedule.Floor</c>.</summary>
    private static Dictionary<string, string> Flatten(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return new() { [path] = element.ToString() };
        }

        return element
            .EnumerateObject()
            .SelectMany(property =>
                Flatten(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")
            )
            .ToDictionary();
    }

    private static string Fingerprint(TdvNetwork network)
    {
        using var hash = SHA256.Create();
        using (var stream = new CryptoStream(Stream.Null, hash, CryptoStreamMode.Write))
        {
            foreach (var parameter in network.FrameParameters)
            {
                TensorMemory.Write(parameter, stream);
            }
        }

        return $"SHA-256 {Convert.ToHexString(hash.Hash!)}";
    }

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
