using Tdv.Tool.Commands;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>What is wrong with exports of labels, whatever their format.</summary>
[Collection("console")]
public sealed class ImportTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_fault_is_told_and_nothing_is_written()
    {
        string input = _folder.Write(
            "coco.json",
            """
            {
              "images": [
                { "id": 1, "file_name": "my picture.png", "height": 8, "width": 6 },
                { "id": 2, "file_name": "../gone.png", "height": 6, "width": 8 },
                { "id": 3, "file_name": "my picture.png", "height": 6, "width": 8 }
              ],
              "categories": [{ "id": 5, "name": "ball" }],
              "annotations": [
                { "id": 1, "image_id": 1, "category_id": 5, "segmentation": [[1, 1, 5, 1, 5, 4]] },
                { "id": 2, "image_id": 2, "category_id": 5, "segmentation": [[1, 1, 5, 1, 5, 4]] },
                { "id": 3, "image_id": 2, "category_id": 6, "segmentation": [[1, 1, 5, 1, 5, 4]] },
                { "id": 4, "image_id": 9, "category_id": 5, "segmentation": [[1, 1, 5, 1, 5, 4]] },
                { "id": 5, "image_id": 2, "category_id": 5, "segmentation": [], "bbox": [1, 2, 3, 4] },
                { "id": 6, "image_id": 2, "category_id": 5, "segmentation": [[1, 1, 5, 1]] },
                { "id": 7, "image_id": 2, "category_id": 5, "segmentation": { "size": [6, 8], "counts": [47] } },
                { "id": 8, "image_id": 2, "category_id": 5, "segmentation": { "size": [60000, 60000], "counts": "1" } },
                { "id": 9, "image_id": 3, "category_id": 5, "segmentation": { "size": [2, 2], "counts": [1, 3] } }
              ]
            }
            """
        );

        string message = Assert.Throws<UserException>(() => _folder.Import("coco", input)).Message;

        Assert.Equal(
            [
                $"{input}: annotation 3: there is no category 6.",
                $"{input}: annotation 4: there is no image 9.",
                $"{input}: annotation 5: it has no segmentation, only a box at best; boxes are no masks.",
                $"{input}: annotation 6: a polygon of 'ball' has 2 corner(s); it needs three.",
                $"{input}: annotation 7: the run lengths of a mask do not add up to its 8×6 pixels.",
                $"{input}: annotation 8: a mask claims 60000×60000 pixels; at most 268435456 are read.",
                $"{input}: 'my picture.png': its labels are for 6×8 pixels, but '{_folder["pictures/my picture.png"]}' is 8×6, "
                    + "upright as its camera noted.",
                $"{input}: '../gone.png': there is no '../gone.png' in '{_folder["pictures"]}'. Name the pictures' folder with "
                    + "--pictures.",
                $"{input}: 'my picture.png': a mask of 'ball' is 2×2 pixels, its picture 8×6.",
            ],
            message.Split(Environment.NewLine)
        );
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("coco", "{}", "is no COCO export: 'categories' is missing.")]
    [InlineData("coco", "{", "is no JSON: ")]
    [InlineData("coco", "{\"categories\":[{\"id\":1,\"name\":\"\\uD800\"}]}", "Behind byte 30 stands half a character")]
    [InlineData("labelstudio", "[{\"\\uDC00\":1}]", "Behind byte 2 stands half a character")]
    [InlineData("labelstudio", "{}", "is no Label Studio export: a list of tasks is expected. Export as JSON.")]
    [InlineData("labelme", "[]", "'imagePath' is missing.")]
    [InlineData(
        "labelme",
        "{\"imagePath\": \"a\", \"shapes\": [{\"label\": \"b\", \"points\": [], \"shape_type\": 3}]}",
        ": shape 0: 'shape_type' is Number; String is expected."
    )]
    [InlineData(
        "labelstudio",
        "[{\"id\": 1, \"data\": {\"image\": \"a\"}, \"annotations\": [{\"result\": [{\"type\": 3, \"original_height\": 1, "
            + "\"original_width\": 1}]}]}]",
        ": task 1, region 0: 'type' is Number; String is expected."
    )]
    [InlineData("cvat", "<annotations><track/></annotations>", "it has tracks. Export as 'CVAT for images 1.1'.")]
    [InlineData("cvat", "<!DOCTYPE a [<!ENTITY b \"c\">]><annotations>&b;</annotations>", "is no XML: ")]
    [InlineData("cvat", "<annotations/>", "holds no shape of any picture.")]
    public void What_is_no_export_is_told(string format, string text, string expected)
    {
        string input = _folder.Write("export", text);

        Assert.Contains(
            expected,
            Assert.Throws<UserException>(() => _folder.Import(format, input)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Nothing_is_written_over()
    {
        Directory.CreateDirectory(_folder["out"]);
        string list = _folder.Write("out/list.txt", "mine");
        int code = CommandLine.Run(["import", "labelme", _folder["pictures"], "--out", _folder["out"]]);

        Assert.Equal(CommandLine.Failure, code);
        Assert.Equal("mine", Assert.Single(File.ReadAllLines(list)));
        Assert.Single(Directory.GetFileSystemEntries(_folder["out"]));
    }
}
