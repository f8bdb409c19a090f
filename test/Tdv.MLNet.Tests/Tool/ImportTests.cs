using System.Globalization;
using OpenCvSharp;
using Tdv.MLNet.Masks;
using Tdv.Tool.Commands;
using Tdv.Tool.Importing;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>Labels of a picture of 8×6 pixels, "my picture.png", in each format, and what is drawn of them.</summary>
[Collection("console")]
public sealed class ImportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ImportTests()
    {
        Directory.CreateDirectory(_folder["pictures"]);
        using var mat = new Mat(6, 8, MatType.CV_8UC3, new OpenCvSharp.Scalar(1, 2, 3));
        mat.SaveImage(_folder["pictures/my picture.png"]);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[37, 2, 4, 2, 3]")]
    [InlineData("\"U1240O\"")]
    public void Coco(string counts)
    {
        string input = _folder.Write(
            "coco.json",
            $$"""
            {
              "images": [
                { "id": 3, "file_name": "my picture.png", "height": 6, "width": 8 },
                { "id": 4, "file_name": "bare.png", "height": 6, "width": 8 }
              ],
              "categories": [{ "id": 5, "name": "ball" }, { "id": 9, "name": "traffic light" }],
              "annotations": [
                { "id": 1, "image_id": 3, "category_id": 5, "segmentation": [[1, 1, 5, 1, 5, 4, 1, 4], [0, 5, 1, 5, 1, 6, 0, 6]] },
                { "id": 2, "image_id": 3, "category_id": 9, "segmentation": { "size": [6, 8], "counts": {{counts}} } }
              ]
            }
            """
        );

        Assert.Equal(
            """
            00000000
            01111022
            01111022
            01111000
            00000000
            10000000
            """.ReplaceLineEndings("\n"),
            Import("coco", input)
        );
        Assert.Equal(["background", "ball", "traffic light"], Classes());
    }

    [Fact]
    public void Labelme()
    {
        using var patch = Mat.FromPixelData(2, 2, MatType.CV_8UC1, (byte[])[255, 0, 0, 255]);
        Cv2.ImEncode(".png", patch, out byte[] png);
        Directory.CreateDirectory(_folder["pictures/json"]);
        string input = _folder.Write(
            "pictures/json/one.json",
            $$"""
            {
              "imagePath": "..\\my picture.png", "imageHeight": 6, "imageWidth": 8, "imageData": null,
              "shapes": [
                { "label": "ball", "points": [[0, 0], [3, 2]], "shape_type": "rectangle" },
                { "label": "cat", "points": [[4, 1], [5, 2]], "shape_type": "mask", "mask": "{{Convert.ToBase64String(
                png
            )}}" },
                { "label": "ball", "points": [[4, 4], [8, 4], [8, 6], [4, 6]], "shape_type": "polygon" },
                { "label": "cat", "points": [[2.5, 4.5], [2.5, 5.6]], "shape_type": "circle" }
              ]
            }
            """
        );

        string expected = """
            11100000
            11102000
            00000200
            00200000
            02221111
            00201111
            """.ReplaceLineEndings("\n");
        Assert.Equal(expected, Import("labelme", input));
        Assert.Equal(["background", "ball", "cat"], Classes());
        Directory.Delete(_folder["out"], recursive: true);
        Assert.Equal(expected, Import("labelme", _folder["pictures"]));
    }

    [Fact]
    public void Cvat()
    {
        string input = _folder.Write(
            "cvat.xml",
            """
            <?xml version="1.0" encoding="utf-8"?>
            <annotations>
              <version>1.1</version>
              <meta><task><labels>
                <label><name>traffic light</name><color>#0a141e</color></label>
                <label><name>cat</name></label>
              </labels></task></meta>
              <image id="0" name="my picture.png" width="8" height="6">
                <tag label="day"></tag>
                <mask label="cat" rle="1, 2, 1" left="2" top="1" width="2" height="2" z_order="1"></mask>
                <box label="traffic light" xtl="1.0" ytl="0.0" xbr="4.0" ybr="3.0" z_order="0"></box>
                <polygon label="cat" points="5.0,3.0;8.0,3.0;8.0,5.0;5.0,5.0"></polygon>
              </image>
            </annotations>
            """
        );

        Assert.Equal(
            """
            01110000
            01120000
            01210000
            00000222
            00000222
            00000000
            """.ReplaceLineEndings("\n"),
            Import("cvat", input)
        );
        Assert.Equal(new MaskClass(1, "traffic light", 10, 20, 30), MaskClass.ReadFile(_folder["out/classes.txt"])[1]);
    }

    [Fact]
    public void LabelStudio()
    {
        // Opaque: pixels 10 and 11, row by row, as a run of each channel's values; all others are clear.
        var values = new byte[6 * 8 * 4];
        values.AsSpan(40, 8).Fill(255);
        string input = _folder.Write(
            "studio.json",
            $$"""
            [{
              "id": 7,
              "data": { "image": "/data/upload/1/1a2b3c4d-my%20picture.png" },
              "annotations": [{ "was_cancelled": true, "result": [] }, { "was_cancelled": false, "result": [
                { "type": "choices", "value": { "choices": ["day"] } },
                { "type": "brushlabels", "original_width": 8, "original_height": 6, "image_rotation": 0,
                  "value": { "format": "rle", "rle": [{{string.Join(", ", Pack(values))}}], "brushlabels": ["cat"] } },
                { "type": "polygonlabels", "original_width": 8, "original_height": 6,
                  "value": { "points": [[50, 50], [100, 50], [100, 100], [50, 100]], "polygonlabels": ["ball"] } },
                { "type": "rectanglelabels", "original_width": 8, "original_height": 6,
                  "value": { "x": 0, "y": 50, "width": 25, "height": 50, "rotation": 0, "rectanglelabels": ["cat"] } }
              ]}]
            }]
            """
        );

        Assert.Equal(
            """
            00000000
            00110000
            00000000
            11002222
            11002222
            11002222
            """.ReplaceLineEndings("\n"),
            Import("labelstudio", input)
        );
        Assert.Equal(["background", "cat", "ball"], Classes());
    }

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

        string message = Assert.Throws<UserException>(() => Import("coco", input)).Message;

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
            Assert.Throws<UserException>(() => Import(format, input)).Message,
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

    /// <returns>The ids of the mask, a line for each row.</returns>
    private string Import(string format, string input)
    {
        ILabelFormat reader = format switch
        {
            "coco" => new CocoFormat(),
            "labelme" => new LabelmeFormat(),
            "cvat" => new CvatFormat(),
            _ => new LabelStudioFormat(),
        };
        string? pictures = format == "labelme" ? null : _folder["pictures"];
        new LabelImport(reader, input, pictures, _folder["out"]).Run();
        var list = LabeledInputs.Read(_folder["out/classes.txt"], _folder["out/list.txt"]).Lists[0];
        var image = Assert.Single(list.Images);
        Assert.Equal(_folder["pictures/my picture.png"], image.Path);
        Assert.Equal("000000-my_picture.png", Path.GetFileName(image.MaskPath));
        var mask = MaskFile.Read(image.MaskPath);
        return string.Join(
            "\n",
            mask.Indices!.Chunk(mask.Width)
                .Select(row => string.Concat(row.Select(id => id.ToString(CultureInfo.InvariantCulture))))
        );
    }

    private IEnumerable<string> Classes() => MaskClass.ReadFile(_folder["out/classes.txt"]).Select(one => one.Name);

    /// <summary>Packs values as rle-pack does, with lengths of 3, 4, 8 and 16 bits: here runs, and the first 5 one by one.</summary>
    private static IEnumerable<byte> Pack(byte[] values)
    {
        var bits = new List<bool>();
        Write(values.Length, 32);
        Write(8 - 1, 5);
        foreach (int length in (int[])[3, 4, 8, 16])
        {
            Write(length - 1, 4);
        }

        const int single = 5;
        Write(0, 1);
        Write(0, 2);
        Write(single - 1, 3);
        foreach (byte value in values[..single])
        {
            Write(value, 8);
        }

        for (int at = single; at < values.Length; )
        {
            int end = at;
            while (end < values.Length && values[end] == values[at])
            {
                end++;
            }

            Write(1, 1);
            Write(2, 2);
            Write(end - at - 1, 8);
            Write(values[at], 8);
            at = end;
        }

        return bits.Chunk(8).Select(part => (byte)part.Select((bit, i) => bit ? 128 >> i : 0).Sum());

        void Write(int value, int count)
        {
            for (int i = count - 1; i >= 0; i--)
            {
                bits.Add(((value >> i) & 1) != 0);
            }
        }
    }
}
