using System.Text.Json;
using OpenCvSharp;
using Tdv.Tool.Output;

namespace Tdv.Tool.Importing;

/// <summary>One JSON file of images, annotations and categories (cocodataset.org, "Data format", object detection).</summary>
internal sealed class CocoFormat : ILabelFormat
{
    public string Name => "coco";

    public ImportedLabels Read(string input, List<string> faults)
    {
        using var document = Fields.Open(input);
        var root = document.RootElement;
        var categories = new Dictionary<long, string>();
        var shapes = new Dictionary<long, List<ImportedShape>>();
        var pictures = new List<ImportedPicture>();
        try
        {
            Fields.Each(
                root.Items("categories"),
                (_, i) => $"{input}: category {i}",
                faults,
                item => categories[item.Id("id")] = item.Text("name")
            );
            Fields.Each(
                root.Items("images"),
                (_, i) => $"{input}: image {i}",
                faults,
                item =>
                {
                    string file = item.Text("file_name");
                    var own = new List<ImportedShape>();
                    if (!shapes.TryAdd(item.Id("id"), own))
                    {
                        throw new FormatException($"the id {item.Id("id")} of '{file}' is another image's, too");
                    }

                    pictures.Add(
                        new(
                            $"{input}: '{file}'",
                            ImportedPicture.NamesOf(file),
                            (item.Whole("height"), item.Whole("width")),
                            own
                        )
                    );
                }
            );
            Fields.Each(
                root.Items("annotations"),
                (item, i) => $"{input}: annotation {item.Optional("id")?.ToString() ?? $"{i}"}",
                faults,
                item =>
                {
                    if (!categories.TryGetValue(item.Id("category_id"), out string? label))
                    {
                        throw new FormatException($"there is no category {item.Id("category_id")}");
                    }

                    if (!shapes.TryGetValue(item.Id("image_id"), out var own))
                    {
                        throw new FormatException($"there is no image {item.Id("image_id")}");
                    }

                    own.Add(Shape(item, label));
                }
            );
        }
        catch (FormatException exception)
        {
            throw new UserException($"'{input}' is no COCO export: {exception.Message}.", exception);
        }

        return new([.. categories.Values.Distinct().Select(name => (name, (uint?)null))], pictures);
    }

    private static ImportedShape Shape(JsonElement annotation, string label)
    {
        var segmentation = annotation.Optional("segmentation") ?? throw NoSegmentation();
        if (segmentation.ValueKind == JsonValueKind.Object)
        {
            return Mask(segmentation, label);
        }

        if (segmentation.ValueKind != JsonValueKind.Array || segmentation.GetArrayLength() == 0)
        {
            throw NoSegmentation();
        }

        var outline = new Outline(label, [.. segmentation.EnumerateArray().Select(Polygon)]);
        outline.Check();
        return outline;

        static FormatException NoSegmentation() =>
            new("it has no segmentation, only a box at best; boxes are no masks");
    }

    private static Stencil Mask(JsonElement runs, string label)
    {
        int[] size = [.. runs.Items("size").Select(side => (int)Math.Clamp(side.Number(), -1, int.MaxValue))];
        if (size.Length != 2)
        {
            throw new FormatException("'size' has not two numbers, height and width");
        }

        var counts = runs.Optional("counts") ?? throw new FormatException("'counts' is missing");
        var lengths =
            counts.ValueKind == JsonValueKind.String
                ? Runs.Unpack(counts.GetString()!)
                : runs.Items("counts").Select(length => (long)length.Number());
        var columns = Runs.Fill(lengths, size[0], size[1]);
        return new(label, Runs.Transpose(columns, size[0], size[1]), size[0], size[1]);
    }

    private static Point2d[] Polygon(JsonElement numbers)
    {
        double[] values =
            numbers.ValueKind == JsonValueKind.Array
                ? [.. numbers.EnumerateArray().Select(number => number.Number())]
                : throw new FormatException("'segmentation' holds what is no polygon");
        return values.Length % 2 == 0
            ? [.. values.Chunk(2).Select(pair => new Point2d(pair[0], pair[1]))]
            : throw new FormatException($"a polygon has {values.Length} numbers; x and y of each corner are expected");
    }
}
