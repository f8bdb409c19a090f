using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tdv.MLNet.Model;
using Tdv.MLNet.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>What a training is made of, by name: enough to repeat it, and to see whether another one is the same.</summary>
internal sealed record RunDescription
{
    private const string None = "none";

    /// <summary>Numbers of the recipe that an earlier version, which had no regularization, did not write.</summary>
    private static readonly string[] RegularizationWeights =
    [
        "Training.Objective.Regularization.VarianceWeight",
        "Training.Objective.Regularization.CovarianceWeight",
    ];

    /// <summary>The user's choices, defaults put in.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Every number that follows from them in this version of the library.</summary>
    public required IReadOnlyDictionary<string, string> Recipe { get; init; }

    /// <summary>Versions and hardware, which may decide about the last bits of a result.</summary>
    public required IReadOnlyDictionary<string, string> Machine { get; init; }

    /// <summary>Whether nothing is missing; what was deserialized may be anything.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        new[] { Options, Recipe, Machine }.All(values => values?.Values.All(value => value is not null) == true);

    public static RunDescription Of(TdvOptions options, Recipe recipe, int seed, Device device) =>
        new()
        {
            Options = new Dictionary<string, string>
            {
                [nameof(options.Preset)] = options.Preset.ToString(),
                [nameof(options.FrameEncoder)] = options.FrameEncoder is { } start ? Fingerprint(start.Network) : None,
                [nameof(options.FreezeFrameEncoder)] = options.FreezeFrameEncoder.ToString(),
                [nameof(options.ImageSize)] = Text(recipe.Network.TrainingSize),
                [nameof(options.Steps)] = Text(recipe.Training.Steps),
                [nameof(options.BatchSize)] = Text(recipe.Training.BatchSize),
                [nameof(options.AccumulatedBatches)] = Text(recipe.Training.Accumulation),
                [nameof(options.LearningRate)] = Text(recipe.Training.Schedule.Peak),
                [nameof(options.WarmUpSteps)] = Text(recipe.Training.Schedule.WarmUpSteps),
                [nameof(options.Regularization)] = Text(recipe.Training.Objective.Regularization),
                [nameof(options.Precision)] = (
                    recipe.Training.BFloat16 ? TdvPrecision.BFloat16 : TdvPrecision.Float32
                ).ToString(),
                [nameof(options.Seed)] = Text(seed),
            },
            Recipe = Flatten(JsonSerializer.SerializeToElement(recipe), ""),
            Machine = new Dictionary<string, string>
            {
                ["Tdv.MLNet"] = Version(typeof(RunDescription)),
                ["TorchSharp"] = Version(typeof(torch)),
                ["libtorch"] = torch.__version__,
                ["Device"] = device.ToString(),
                ["Threads"] = Text(get_num_threads()),
                ["Platform"] = $"{RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}",
            },
        };

    /// <summary>
    /// What differs from an earlier run; the recipe only where the options agree, and without what an earlier version
    /// had that none of its options could change.
    /// </summary>
    public IEnumerable<string> Differences(RunDescription earlier)
    {
        var before = earlier.Options.ToDictionary(option => Now(option.Key), option => Now(option.Value));
        var known = earlier.Recipe.Where(entry => Recipe.ContainsKey(entry.Key)).ToDictionary();
        AddMissing(Options, before, [nameof(TdvOptions.Regularization)], None);
        AddMissing(Recipe, known, RegularizationWeights, "0");
        string[] options = [.. Differences(Options, before)];
        return options.Length > 0 ? options : Differences(Recipe, known);
    }

    /// <summary>What an earlier version could not write, because it did not have it.</summary>
    private static void AddMissing(
        IReadOnlyDictionary<string, string> now,
        Dictionary<string, string> before,
        IEnumerable<string> names,
        string value
    )
    {
        foreach (string name in names.Where(now.ContainsKey))
        {
            before.TryAdd(name, value);
        }
    }

    /// <summary>A name or value of version 0.1 as it is called now.</summary>
    private static string Now(string former) =>
        former switch
        {
            "PeakLearningRate" => nameof(TdvOptions.LearningRate),
            "Full" => nameof(TdvPrecision.Float32),
            "Mixed" => nameof(TdvPrecision.BFloat16),
            _ => former,
        };

    /// <summary>How the machine differs from an earlier run's.</summary>
    public IEnumerable<string> MachineDifferences(RunDescription earlier) => Differences(Machine, earlier.Machine);

    private static IEnumerable<string> Differences(
        IReadOnlyDictionary<string, string> now,
        IReadOnlyDictionary<string, string> before
    ) =>
        from name in before.Keys.Union(now.Keys)
        let old = before.GetValueOrDefault(name, "not set")
        let current = now.GetValueOrDefault(name, "not set")
        where old != current
        select $"{name} was {old}; now it is {current}.";

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

    private static string Text(TdvRegularization regularization) =>
        regularization.IsOn
            ? FormattableString.Invariant(
                $"variance {regularization.VarianceWeight}, covariance {regularization.CovarianceWeight}"
            )
            : None;

    private static string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
}
