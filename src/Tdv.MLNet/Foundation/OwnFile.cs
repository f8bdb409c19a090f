using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Tdv.MLNet.Foundation;

/// <summary>A file that a folder of ours made, as a line of its list has it.</summary>
/// <param name="Name">Relative to the folder, with slashes.</param>
internal sealed record OwnFile(string Name)
{
    /// <summary>SHA-256 of its content, in hexadecimal digits; null: it is ours by its name, whatever is in it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Sha256 { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Bytes { get; init; }

    /// <summary>With the length, spares reading a file that nobody has touched.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public DateTime Modified { get; init; }

    /// <summary>SHA-256 of the model that it is a result of; null: of none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Model { get; init; }

    /// <summary>Takes back all that earlier lines say of the name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Removed { get; init; }

    /// <summary>Whether the name leads to a place in the folder; what was deserialized may be anything.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        !string.IsNullOrEmpty(Name)
        && !Path.IsPathRooted(Name)
        && !Name.Split('/', '\\').Any(part => part is ".." or "");

    /// <summary>Looks at a file that was written.</summary>
    public static OwnFile Of(string path, string name, string? model)
    {
        var file = new FileInfo(path);
        return new(name)
        {
            Sha256 = Hash(path),
            Bytes = file.Length,
            Modified = file.LastWriteTimeUtc,
            Model = model,
        };
    }

    /// <summary>Whether the file at the path is the one that was written.</summary>
    public bool Is(string path) =>
        LooksLike(path)
        || (new FileInfo(path) is { Exists: true } file && file.Length == Bytes && Hash(path) == Sha256);

    /// <summary>Whether nobody has touched it since; reads nothing.</summary>
    public bool LooksLike(string path)
    {
        var file = new FileInfo(path);
        return Sha256 is null || (file.Exists && file.Length == Bytes && file.LastWriteTimeUtc == Modified);
    }

    /// <returns>SHA-256 of a file, in hexadecimal digits.</returns>
    public static string Hash(string path)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            1 << 16
        );
        return Convert.ToHexString(SHA256.HashData(stream));
    }
}
