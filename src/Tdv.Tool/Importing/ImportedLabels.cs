namespace Tdv.Tool.Importing;

/// <summary>What an export says.</summary>
/// <param name="Classes">Names of the classes, in the export's order, with a color 0xRRGGBB where it gives one.</param>
/// <param name="Pictures">Its pictures, those without a shape among them.</param>
internal sealed record ImportedLabels(
    IReadOnlyList<(string Name, uint? Color)> Classes,
    IReadOnlyList<ImportedPicture> Pictures
);
