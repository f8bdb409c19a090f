using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Motion;

/// <summary>Pictures whose values are measurements: read and written exactly.</summary>
internal static class PngFile
{
    public static bool Is(string path) => path.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    /// <param name="path">The file.</param>
    /// <param name="what">What it is called in errors, such as <c>flow</c>.</param>
    /// <exception cref="InvalidDataException">It is damaged, or claims too many pixels.</exception>
    public static Mat Read(string path, string what)
    {
        OpenCvLoader.EnsureAvailable();
        if (PictureHeader.Fault(path) is { } fault)
        {
            throw new InvalidDataException($"The {what} {fault}");
        }

        Mat? picture = null;
        try
        {
            picture = Cv2.ImRead(path, ImreadModes.Unchanged);
        }
        catch (OpenCVException)
        {
            // Answered as an empty picture is.
        }

        if (picture is null || picture.Empty())
        {
            picture?.Dispose();
            throw new InvalidDataException(
                $"The {what} '{path}' cannot be read: it is damaged, cut short, or no PNG. Copy it anew."
            );
        }

        return picture;
    }

    public static void Write(string path, Mat picture)
    {
        Cv2.ImEncode(".png", picture, out byte[] bytes);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>What a picture is, for errors: <c>3 channels of 8 bits</c>.</summary>
    public static string Describe(Mat picture) => $"{picture.Channels()} channel(s) of {8 * picture.ElemSize1()} bits";
}
