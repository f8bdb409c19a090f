using System.Text.Json;
using OpenCvSharp;
using Tdv.Tool.Output;

namespace Tdv.Tool.Importing;

/// <summary>Label Studio's JSON export: brushes, polygons and upright rectangles of tasks with one annotation each.</summary>
internal sealed class LabelStudioFormat : ILabelFormat
{
    /// <summary>Label Studio puts eight characters and a hyphen before the name of a file that was uploaded.</summary>
    private const int UploadPrefix = 9;

    /// <summary>What says something of a whole picture, or of other regions.</summary>
    private static readonly HashSet<string> NoRegions =
    [
        "choices",
        "textarea",
        "rating",
        "relation",
        "taxonomy",
        "number",
    ];

    public string Name => "labelstudio";

    public ImportedLabels Read(string input, List<string> faults)
    {
        using var document = Fields.Open(input);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new UserException(
                $"'{input}' is no Label Studio export: a list of tasks is expected. Export as JSON."
            );
        }

        var pictures = new List<ImportedPicture>();
        Fields.Each(
            document.RootElement.EnumerateArray(),
            (item, i) => $"{input}: task {item.Optional("id")?.ToString() ?? $"{i}"}",
            faults,
            item => pictures.Add(Picture(item, input, faults))
        );
        return ImportedLabels.Of(pictures);
    }

    private static ImportedPicture Picture(JsonElement task, string input, List<string> faults)
    {
        string source = Source(task.Need("data", JsonValueKind.Object));
        string place = $"{input}: task {task.Optional("id")?.ToString() ?? $"'{source}'"}";
        JsonElement[] annotations =
        [
            .. task.Items("annotations").Where(one => one.Optional("was_cancelled")?.ValueKind != JsonValueKind.True),
        ];
        if (annotations.Length > 1)
        {
            throw new FormatException($"it has {annotations.Length} annotations; keep one of them");
        }

        var shapes = new List<ImportedShape>();
        (int Height, int Width)? size = null;
        var results = annotations.SelectMany(one => one.Items("result"));
        Fields.Each(
            results.Where(result => !NoRegions.Contains($"{result.Optional("type")}")),
            (_, i) => $"{place}, region {i}",
            faults,
            result =>
            {
                size = (result.Whole("original_height"), result.Whole("original_width"));
                shapes.Add(Shape(result, size.Value));
            }
        );
        return new(place, Names(source), size, shapes);
    }

    private static ImportedShape Shape(JsonElement result, (int Height, int Width) size)
    {
        string kind = result.Text("type");
        var value = result.Need("value", JsonValueKind.Object);
        if (result.Optional("image_rotation") is { ValueKind: JsonValueKind.Number } turned && turned.Number() != 0)
        {
            throw new FormatException("its picture was turned in Label Studio; turn it back and export again");
        }

        if (kind is not ("brushlabels" or "polygonlabels" or "rectanglelabels"))
        {
            throw new FormatException(
                $"it is of the kind '{kind}'; brushes, polygons and rectangles with labels are read"
            );
        }

        string label = value.Items(kind).FirstOrDefault() is { ValueKind: JsonValueKind.String } name
            ? name.GetString()!
            : throw new FormatException("it has no label");
        if (kind == "brushlabels")
        {
            byte[] bytes = [.. value.Items("rle").Select(number => (byte)Math.Clamp(number.Number(), 0, 255))];
            return new Stencil(label, BrushBytes.Unpack(bytes, size.Height, size.Width), size.Height, size.Width);
        }

        // Percent of the picture.
        Point2d Place(double x, double y) => new(x / 100 * size.Width, y / 100 * size.Height);
        var outline =
            kind == "polygonlabels"
                ? new Outline(
                    label,
                    [
                        [.. value.Points("points").Select(point => Place(point.X, point.Y))],
                    ]
                )
                : Rectangle();
        outline.Check();
        return outline;

        Outline Rectangle()
        {
            if (value.Optional("rotation") is { ValueKind: JsonValueKind.Number } angle && angle.Number() != 0)
            {
                throw new FormatException($"the rectangle of '{label}' is turned; draw a polygon instead");
            }

            var (x, y) = (value.Number("x"), value.Number("y"));
            return Outline.Rectangle(label, Place(x, y), Place(x + value.Number("width"), y + value.Number("height")));
        }
    }

    /// <summary>The picture's address: it may have any name, and there is one that is text.</summary>
    private static string Source(JsonElement data)
    {
        string[] texts =
        [
            .. data.EnumerateObject()
                .Where(field => field.Value.ValueKind == JsonValueKind.String)
                .Select(field => field.Value.GetString()!),
        ];
        return data.Optional("image") is { ValueKind: JsonValueKind.String } image ? image.GetString()!
            : texts.Length == 1 ? texts[0]
            : throw new FormatException("'data' has no 'image'");
    }

    private static string[] Names(string source)
    {
        const string local = "?d=";
        int at = source.IndexOf(local, StringComparison.Ordinal);
        string path = Uri.UnescapeDataString(at < 0 ? source : source[(at + local.Length)..]);
        string name = Path.GetFileName(path);
        return name.Length > UploadPrefix && name[UploadPrefix - 1] == '-'
            ? [path, name, name[UploadPrefix..]]
            : [path, name];
    }
}
