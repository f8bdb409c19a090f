namespace Tdv.Tool.Importing;

/// <summary>What an export says.</summary>
/// <param name="Classes">Names of the classes, in the export's order, with a color 0xRRGGBB where it gives one.</param>
/// <param name="Pictures">Its pictures, those without a shape among them.</param>
internal sealed record ImportedLabels(
    IReadOnlyList<(string Name, uint? Color)> Classes,
    IReadOnlyList<ImportedPicture> Pictures
)
{
    /// <summary>Of an export that lists no classes: those of the shapes, in their order.</summary>
    public static ImportedLabels Of(IReadOnlyList<ImportedPicture> pictures) =>
        new(
            [
                .. pictures
                    .SelectMany(one => one.Shapes)
                    .Select(shape => shape.Label)
                    .Distinct()
                    .Select(name => (name, (uint?)null)),
            ],
            pictures
        );
}
