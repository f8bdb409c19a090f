using Microsoft.ML.Data;

namespace Tdv.MLNet.PixelWise;

/// <summary>Reads a picture's colors as planes.</summary>
internal static class PictureColors
{
    private const int BytesPerPixel = 4;

    /// <param name="image">The picture, four bytes a pixel.</param>
    /// <param name="colors">[3, height, width], written: 0 to 1, in the picture's own order.</param>
    public static void Read(MLImage image, ScorePlanes colors)
    {
        var pixels = image.Pixels;
        for (var color = 0; color < colors.Count; color++)
        {
            var plane = colors[color];
            for (var i = 0; i < plane.Length; i++)
            {
                plane[i] = pixels[i * BytesPerPixel + color] * (1f / byte.MaxValue);
            }
        }
    }
}
