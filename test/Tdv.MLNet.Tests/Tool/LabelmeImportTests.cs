using OpenCvSharp;
using Tdv.MLNet.Tests.Masks;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>Shapes of labelme.</summary>
[Collection("console")]
public sealed class LabelmeImportTests : IDisposable
{
    private readonly ImportFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Shapes_of_a_file_or_of_a_folder_become_a_mask()
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
        Assert.Equal(expected, _folder.Import("labelme", input));
        Assert.Equal(["background", "ball", "cat"], _folder.Classes());
        Directory.Delete(_folder["out"], recursive: true);
        Assert.Equal(expected, _folder.Import("labelme", _folder["pictures"]));
    }

    /// <summary>A mask in a few bytes that claims 60000×60000 pixels is refused before there is room for any of them.</summary>
    [Fact]
    public void A_mask_that_claims_too_much_is_told()
    {
        byte[] png = HugeMaskTests.Png(60000, 60000);
        string input = _folder.Write(
            "pictures/one.json",
            $$"""
            {
              "imagePath": "my picture.png", "imageHeight": 6, "imageWidth": 8,
              "shapes": [{ "label": "cat", "points": [[4, 1], [5, 2]], "shape_type": "mask", "mask": "{{Convert.ToBase64String(
                png
            )}}" }]
            }
            """
        );

        Assert.Equal(
            $"{input}: shape 0: The mask 'cat' claims 60000 × 60000 pixels; at most 268435456 are decoded. Make it smaller, or "
                + "remove it if it is damaged.",
            Assert.Throws<UserException>(() => _folder.Import("labelme", input)).Message
        );
    }
}
