using System.Text.Json;
using Tdv.MLNet.Model;

namespace Tdv.MLNet.Weights;

/// <summary>The network's dimensions, as our safetensors files carry them beside the tensors.</summary>
internal static class NetworkDescription
{
    private const string Key = "tdv.network";
    private const int MaxSize = 1 << 24;

    public static Dictionary<string, string> Write(NetworkOptions options) =>
        new() { [Key] = JsonSerializer.Serialize(options), ["format"] = "tdv" };

    /// <returns>Null if the file has none, as others' files.</returns>
    /// <exception cref="InvalidDataException">There is one, but it cannot be read.</exception>
    public static NetworkOptions? Read(IReadOnlyDictionary<string, string> metadata, string source)
    {
        if (!metadata.TryGetValue(Key, out string? json))
        {
            return null;
        }

        try
        {
            if (JsonSerializer.Deserialize<Former>(json) is { Position: not 0 })
            {
                throw KeyMap.Rotary(source);
            }

            return JsonSerializer.Deserialize<NetworkOptions>(json) is { } options && IsPossible(options)
                ? options
                : throw new JsonException("It is null, or a number is out of range.");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"'{source}' describes its network ('{Key}') in a way that this version cannot read.",
                exception
            );
        }
    }

    /// <summary>Sizes that tensors tell are taken from them; these are believed.</summary>
    private static bool IsPossible(NetworkOptions options) =>
        new[] { options.ImageSize, options.Heads, options.Prototypes, options.HeadHidden, options.HeadBottleneck }.All(
            size => size is > 0 and <= MaxSize
        );

    /// <summary>What earlier versions wrote, too: 0 for learned positions.</summary>
    private sealed record Former(int Position);
}
