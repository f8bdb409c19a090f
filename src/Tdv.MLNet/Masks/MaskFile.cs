using OpenCvSharp;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Masks;

/// <summary>Reads label pictures: 8-bit, one channel, any format of OpenCV that keeps values exactly.</summary>
internal static class MaskFile
{
    /// <summary>Reads the pixel values, row-major.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or not an 8-bit gray picture.</exception>
    public static (byte[] Pixels, int Width, int Height) Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The mask '{path}' does not exist.", path);
        }

        if (PictureHeader.Fault(path) is { } fault)
        {
            throw new InvalidDataException($"The mask {fault}");
        }

        using var picture = Decode(path);
        if (picture.Empty())
        {
            throw new InvalidDataException(
                $"The mask '{path}' cannot be read: it is damaged or not a picture. Save it as an 8-bit gray PNG."
            );
        }

        if (picture.Type() != MatType.CV_8UC1)
        {
            throw new InvalidDataException(
                $"The mask '{path}' has {picture.Channels()} channel(s) of {8 * picture.ElemSize1()} bits, but pixel "
                    + "values are class ids only in an 8-bit gray picture. Save it as an 8-bit gray PNG."
            );
        }

        // Pixels of a decoded picture lie without gaps.
        picture.GetArray(out byte[] pixels);
        return (pixels, picture.Width, picture.Height);
    }

    /// <summary>OpenCV answers most damage with an empty picture, and some with an exception.</summary>
    private static Mat Decode(string path)
    {
        try
        {
            return Cv2.ImRead(path, ImreadModes.Unchanged);
        }
        catch (OpenCVException exception)
        {
            throw new InvalidDataException(
                $"The mask '{path}' cannot be read: it is damaged ({exception.Message}). Save it as an 8-bit gray PNG.",
                exception
            );
        }
    }
}
