namespace Tdv.Tool.Importing;

/// <summary>A picture and its shapes, later ones above earlier ones.</summary>
/// <param name="Place">Where the export names it, for errors.</param>
/// <param name="Files">Names under which its file is sought, in this order.</param>
/// <param name="Size">Height and width in pixels, as the export says; null where it does not.</param>
/// <param name="Shapes">What is labeled.</param>
internal sealed record ImportedPicture(
    string Place,
    IReadOnlyList<string> Files,
    (int Height, int Width)? Size,
    IReadOnlyList<ImportedShape> Shapes
)
{
    /// <summary>
    /// Names under which the file of a picture is sought: as it is written, with slashes for backslashes, and without folders,
    /// which are those of whoever labeled it.
    /// </summary>
    public static IReadOnlyList<string> NamesOf(string name)
    {
        string slashed = name.Replace('\\', '/');
        return [.. new[] { name, slashed, Path.GetFileName(slashed) }.Distinct()];
    }
}
