using OpenCvSharp;

namespace Tdv.Tool.Reporting;

/// <summary>A picture inside the page, as JPEG.</summary>
internal static class EmbeddedPicture
{
    private const int Quality = 80;

    /// <param name="picture">Blue, green, red.</param>
    /// <param name="width">Its width on the page, in pixels.</param>
    /// <param name="text">What it shows, for those who do not see it.</param>
    public static Html Of(Mat picture, int width, string text)
    {
        using var scaled = new Mat();
        int height = Math.Max(1, (int)Math.Round((double)width * picture.Height / picture.Width));
        Cv2.Resize(picture, scaled, new Size(width, height), 0, 0, InterpolationFlags.Area);
        Cv2.ImEncode(".jpg", scaled, out byte[] bytes, new ImageEncodingParam(ImwriteFlags.JpegQuality, Quality));
        return Html.Of(
            $"""<img src="data:image/jpeg;base64,{new Html(Convert.ToBase64String(bytes))}" alt="{text}" width="{width}" height="{height}">"""
        );
    }
}
