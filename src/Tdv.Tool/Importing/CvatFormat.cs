using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using OpenCvSharp;
using Tdv.Tool.Output;

namespace Tdv.Tool.Importing;

/// <summary>"CVAT for images 1.1": one XML file of images with polygons, masks, boxes and ellipses.</summary>
internal sealed class CvatFormat : ILabelFormat
{
    /// <summary>Of the whole picture: nothing to paint.</summary>
    private const string Tag = "tag";

    public string Name => "cvat";

    public ImportedLabels Read(string input, List<string> faults)
    {
        var root = Open(input);
        var classes = root.Element("meta")
            ?.Descendants("label")
            .Where(label => label.Element("name") is not null)
            .Select(label => (label.Element("name")!.Value, ToColor(label.Element("color")?.Value)))
            .DistinctBy(label => label.Value);
        var pictures = new List<ImportedPicture>();
        foreach (var image in root.Elements("image"))
        {
            string place = $"{input}: image '{image.Attribute("name")?.Value}'";
            Try(
                place,
                faults,
                () =>
                {
                    string name = Text(image, "name");
                    var shapes = new List<ImportedShape>();
                    foreach (var shape in image.Elements().Where(one => one.Name != Tag).OrderBy(Depth))
                    {
                        Try(
                            $"{place}, {shape.Name} of '{shape.Attribute("label")?.Value}'",
                            faults,
                            () => shapes.Add(Shape(shape))
                        );
                    }

                    pictures.Add(
                        new(
                            place,
                            ImportedPicture.NamesOf(name),
                            ((int)Number(image, "height"), (int)Number(image, "width")),
                            shapes
                        )
                    );
                }
            );
        }

        return new(
            [
                .. (classes ?? [])
                    .Concat(pictures.SelectMany(one => one.Shapes).Select(shape => (shape.Label, (uint?)null)))
                    .DistinctBy(label => label.Item1),
            ],
            pictures
        );
    }

    private static XElement Open(string path)
    {
        Fields.RequireFile(path);
        try
        {
            using var reader = XmlReader.Create(
                path,
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }
            );
            var root = XElement.Load(reader);
            return root.Name == "annotations" && !root.Elements("track").Any()
                ? root
                : throw new UserException(
                    $"'{path}' is no export of CVAT for images: "
                        + (
                            root.Name == "annotations"
                                ? "it has tracks. Export as 'CVAT for images 1.1'."
                                : $"it holds '{root.Name}'."
                        )
                );
        }
        catch (XmlException exception)
        {
            throw new UserException($"The export '{path}' is no XML: {exception.Message}", exception);
        }
    }

    private static ImportedShape Shape(XElement shape)
    {
        string label = Text(shape, "label");
        if (shape.Name == "mask")
        {
            var (height, width) = ((int)Number(shape, "height"), (int)Number(shape, "width"));
            return new Stencil(
                label,
                Runs.Fill(Runs.Parse(Text(shape, "rle")), height, width),
                height,
                width,
                (int)Number(shape, "top"),
                (int)Number(shape, "left"),
                IsWhole: false
            );
        }

        double turned = shape.Attribute("rotation") is null ? 0 : Number(shape, "rotation");
        var outline = shape.Name.LocalName switch
        {
            "polygon" => new Outline(
                label,
                [
                    [.. Text(shape, "points").Split(';').Select(Corner)],
                ]
            ),
            "box" => Outline.Rectangle(
                label,
                new(Number(shape, "xtl"), Number(shape, "ytl")),
                new(Number(shape, "xbr"), Number(shape, "ybr")),
                turned
            ),
            "ellipse" when turned == 0 => Outline.Ellipse(
                label,
                new(Number(shape, "cx"), Number(shape, "cy")),
                Number(shape, "rx"),
                Number(shape, "ry")
            ),
            _ => throw new FormatException("polygons, masks, boxes and upright ellipses are read"),
        };
        outline.Check();
        return outline;
    }

    private static Point2d Corner(string text) =>
        text.Split(',') is [var x, var y]
            ? new(Number(x, "points"), Number(y, "points"))
            : throw new FormatException($"'{text}' in 'points' is no corner");

    private static int Depth(XElement shape) =>
        int.TryParse(
            shape.Attribute("z_order")?.Value,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out int depth
        )
            ? depth
            : 0;

    private static string Text(XElement element, string name) =>
        element.Attribute(name)?.Value ?? throw new FormatException($"'{name}' is missing");

    private static double Number(XElement element, string name) => Number(Text(element, name), name);

    private static double Number(string text, string name) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            ? value
            : throw new FormatException($"'{text}' in '{name}' is no number");

    private static uint? ToColor(string? text) =>
        text is ['#', .. var digits]
        && digits.Length == 6
        && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint color)
            ? color
            : null;

    private static void Try(string place, List<string> faults, Action read)
    {
        try
        {
            read();
        }
        catch (FormatException exception)
        {
            faults.Add($"{place}: {exception.Message}.");
        }
    }
}
