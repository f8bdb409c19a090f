namespace Tdv.MLNet.Video;

/// <summary>
/// The one table of what a folder's files are, by the endings of their names, in any case. It decides only which files
/// of a folder or pattern are meant: a file that is named itself is whatever its bytes are.
/// </summary>
internal static class MediaEndings
{
    private static readonly HashSet<string> Videos = Set(
        ".mp4 .m4v .f4v .mov .qt .3gp .3g2 .insv .lrv .mkv .webm .avi .divx .amv .wmv .asf .flv .mpg .mpeg .mpe .m1v .m2v .mpv "
            + ".vob .mod .tod .ts .mts .m2ts .m2t .trp .ogv .ogm .ogg .mxf .gxf .gif .dv .rm .rmvb .ivf .nut .h264 .264 .h265 .265 "
            + ".hevc .mjpg .mjpeg"
    );

    private static readonly HashSet<string> Pictures = Set(".png .jpg .jpeg .jpe .jfif .bmp .webp");

    public static bool IsVideo(string file) => Videos.Contains(Path.GetExtension(file));

    public static bool IsPicture(string file) => Pictures.Contains(Path.GetExtension(file));

    /// <summary>The endings of pictures, for messages.</summary>
    public static string PictureList => "png, jpg, bmp, webp";

    private static HashSet<string> Set(string endings) => new(endings.Split(' '), StringComparer.OrdinalIgnoreCase);
}
