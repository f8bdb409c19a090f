using System.Text.Json;
using OpenCvSharp;
using Tdv.MLNet.Masks;
using Tdv.Tool.Output;

namespace Tdv.Tool.Importing;

/// <summary>A JSON file for each picture, or a folder of them, as labelme saves them.</summary>
internal sealed class LabelmeFormat : ILabelFormat
{
    public string Name => "labelme";

    public ImportedLabels Read(string input, List<string> faults)
    {
        string[] files = Directory.Exists(input)
            ? [.. Directory.EnumerateFiles(input, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [input];
        if (files.Length == 0)
        {
            throw new UserException($"The folder '{input}' holds no .json file.");
        }

        var pictures = new List<ImportedPicture>();
        foreach (string file in files)
        {
            using var document = Fields.Open(file);
            try
            {
                pictures.Add(Picture(document.RootElement, file, Directory.Exists(input) ? input : null, faults));
            }
            catch (FormatException exception)
            {
                faults.Add($"{file}: {exception.Message}.");
            }
        }

        return ImportedLabels.Of(pictures);
    }

    private static ImportedPicture Picture(JsonElement root, string file, string? folder, List<string> faults)
    {
        // Relative to the file itself; saved on Windows with backslashes.
        string name = root.Text("imagePath").Replace('\\', '/');
        string own = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string beside = folder is null ? "" : Path.GetRelativePath(Path.GetFullPath(folder), own);
        var shapes = new List<ImportedShape>();
        Fields.Each(
            root.Items("shapes"),
            (_, i) => $"{file}: shape {i}",
            faults,
            item => shapes.Add(Shape(item, item.Text("label")))
        );
        (int, int)? size =
            root.Optional("imageHeight") is not null && root.Optional("imageWidth") is not null
                ? (root.Whole("imageHeight"), root.Whole("imageWidth"))
                : null;
        return new(file, [Path.Combine(beside, name), Path.Combine(beside, Path.GetFileName(name))], size, shapes);
    }

    private static ImportedShape Shape(JsonElement shape, string label)
    {
        var points = shape.Points("points");
        string kind = shape.Optional("shape_type") is null ? "polygon" : shape.Text("shape_type");
        if (kind == "mask")
        {
            return Mask(shape, label, points);
        }

        Outline outline = (kind, points.Length) switch
        {
            ("polygon", _) => new(label, [points]),
            ("rectangle", 2) => Outline.Rectangle(label, points[0], points[1]),
            ("rectangle", 4) => new(label, [points]),
            ("circle", 2) => Outline.Ellipse(
                label,
                points[0],
                points[0].DistanceTo(points[1]),
                points[0].DistanceTo(points[1])
            ),
            _ => throw new FormatException(
                $"'{label}' is a {kind} of {points.Length} point(s); polygons, rectangles, circles and masks are read"
            ),
        };
        outline.Check();
        return outline;
    }

    private static Stencil Mask(JsonElement shape, string label, Point2d[] points)
    {
        if (points.Length != 2 || !double.IsFinite(points[0].X + points[0].Y))
        {
            throw new FormatException($"the mask of '{label}' has no two corners");
        }

        byte[] file =
            shape.Need("mask", JsonValueKind.String).TryGetBytesFromBase64(out byte[]? bytes) && bytes.Length > 0
                ? bytes
                : throw new FormatException($"the mask of '{label}' is no base64");
        var mask = Decode(file, label);
        return new(
            label,
            [.. mask.Indices!.Select(value => value != 0)],
            mask.Height,
            mask.Width,
            (int)Math.Clamp(points[0].Y, int.MinValue, int.MaxValue),
            (int)Math.Clamp(points[0].X, int.MinValue, int.MaxValue),
            IsWhole: false
        );
    }

    private static MaskPicture Decode(byte[] file, string label)
    {
        try
        {
            var mask = MaskFile.Read(file, label);
            return mask.Indices is null ? throw new FormatException($"the mask of '{label}' has colors") : mask;
        }
        catch (InvalidDataException exception)
        {
            throw new FormatException(exception.Message.TrimEnd('.'), exception);
        }
    }
}
