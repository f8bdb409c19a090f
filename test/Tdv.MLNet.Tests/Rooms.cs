using Mono.Cecil;

namespace Tdv.MLNet.Tests;

/// <summary>
/// The library's rooms, its top folders. A type's room is that of the file with its name, since users' types share one
/// namespace whatever their room.
/// </summary>
internal static class Rooms
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "src", "Tdv.MLNet");

    private static readonly Dictionary<string, string> RoomOfType = SourceFiles()
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), Room);

    /// <summary>In order: a room may use those before it.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "Foundation",
        "MLNet",
        "Torch",
        "Imaging",
        "Video",
        "Model",
        "Training",
        "Weights",
        "Pretraining",
        "Featurizing",
        "Masks",
        "Color",
        "PixelWise",
        "Motion",
        "Evaluation",
        "Visualization",
        "Diagnostics",
    ];

    /// <summary>The library's files, relative to its folder, with forward slashes.</summary>
    public static IEnumerable<string> SourceFiles() =>
        Directory
            .EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Folder, path).Replace('\\', '/'))
            .Where(path =>
                !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal)
            );

    /// <summary>The room of a file; "" for the files that belong to none.</summary>
    public static string Room(string file) => file.Contains('/') ? file[..file.IndexOf('/')] : "";

    /// <summary>The room of a type of the library; null for types of others and those that the compiler makes.</summary>
    public static string? Of(TypeReference type)
    {
        var outer = type;
        while (outer.DeclaringType is not null)
        {
            outer = outer.DeclaringType;
        }

        return IsOurs(outer) ? OfName(outer.Name.Split('`')[0]) : null;
    }

    /// <summary>The room of the file that is named after a type.</summary>
    public static string? OfName(string type) => RoomOfType.GetValueOrDefault(type);

    private static bool IsOurs(TypeReference type) =>
        type.Namespace == "Tdv.MLNet" || type.Namespace.StartsWith("Tdv.MLNet.", StringComparison.Ordinal);
}
