using Tdv.Tool.Importing;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>Polygons and runs of COCO.</summary>
[Collection("console")]
public sealed class CocoImportTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[37, 2, 4, 2, 3]")]
    [InlineData("\"U1240O\"")]
    public void Polygons_and_runs_become_a_mask(string counts)
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
            _folder.Import("coco", input)
        );
        Assert.Equal(["background", "ball", "traffic light"], _folder.Classes());
    }

    /// <summary>Strings and figures are those of the COCO API's own C code (rleEncode, rleToString, rleArea, rleToBbox).</summary>
    [Theory]
    [InlineData(48, 64, "Tg01Z1:I4L4M2N2N2O0O2O0O2O0000000O20N100000001N101N101N2N2N3L4L7Faj0", 709, 15, 5, 31, 31)]
    [InlineData(
        48,
        64,
        "hb01Y1<H4L4L4M2N2N2N2O0O2O0O[OM02O00O030LO60JO80H080H080H080G190GO90H080H080H080H160J140M01001N03e0101N101N2N2N2N3L4L4L8Dn?",
        1008,
        12,
        4,
        41,
        41
    )]
    [InlineData(7, 9, "141M110050J00O102070F0125", 21, 0, 0, 8, 7)]
    [InlineData(100, 3, "S31S3000", 3, 0, 99, 3, 1)]
    [InlineData(700, 900, "Rdc9Xe0d00eWb9iZO", 1361, 450, 10, 450, 690)]
    [InlineData(5, 4, "0d0", 20, 0, 0, 4, 5)]
    [InlineData(5, 4, "d0", 0, 0, 0, 0, 0)]
    public void Packed_runs_are_those_of_the_COCO_API(
        int height,
        int width,
        string packed,
        int area,
        int left,
        int top,
        int boxWidth,
        int boxHeight
    )
    {
        bool[] pixels = Runs.Transpose(Runs.Fill(Runs.Unpack(packed), height, width), height, width);

        int[] inside = [.. Enumerable.Range(0, pixels.Length).Where(i => pixels[i])];
        int[] x = [.. inside.Select(i => i % width).DefaultIfEmpty(0)];
        int[] y = [.. inside.Select(i => i / width).DefaultIfEmpty(0)];
        int one = inside.Length > 0 ? 1 : 0;
        Assert.Equal(
            (area, left, top, boxWidth, boxHeight),
            (inside.Length, x.Min(), y.Min(), x.Max() - x.Min() + one, y.Max() - y.Min() + one)
        );
    }

    /// <summary>Names as exports have them: folders of another machine, backslashes.</summary>
    [Theory]
    [InlineData("my picture.png")]
    [InlineData("images/my picture.png")]
    [InlineData("C:\\\\data\\\\my picture.png")]
    public void A_picture_is_found_without_the_folders_of_another_machine(string name)
    {
        Assert.StartsWith("00000000\n01", _folder.Import("coco", Write(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_pictures_of_one_file_are_told()
    {
        string input = Write("day/my picture.png", "night/my picture.png");

        Assert.Equal(
            $"{input}: 'night/my picture.png': '{_folder["pictures/my picture.png"]}' is the file of {input}: 'day/my picture.png', "
                + "too.",
            Assert.Throws<UserException>(() => _folder.Import("coco", input)).Message
        );
    }

    private string Write(params string[] names) =>
        _folder.Write(
            "coco.json",
            $$"""
            {
              "images": [{{string.Join(
                ",",
                names.Select((name, i) => $$"""{ "id": {{i}}, "file_name": "{{name}}", "height": 6, "width": 8 }""")
            )}}],
              "categories": [{ "id": 5, "name": "ball" }],
              "annotations": [{{string.Join(
                ",",
                names.Select(
                    (_, i) => $$"""{ "image_id": {{i}}, "category_id": 5, "segmentation": [[1, 1, 5, 1, 5, 4, 1, 4]] }"""
                )
            )}}]
            }
            """
        );
}
