using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Masks;

/// <summary>
/// Reads label pictures, upright as pictures are: gray of 1 to 16 bits, with or without opacity, palettes, and colors, in any format of OpenCV that
/// keeps values exactly.
/// </summary>
internal static class MaskFile
{
    private const string Remedy = "Save it as an 8-bit gray PNG.";
    private const long MostBytes = 1 << 28;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, no picture, or of a format that changes values.</exception>
    public static MaskPicture Read(string path)
    {
        PlainFile.Require(path, "The mask", MostBytes);
        return Read(File.ReadAllBytes(path), path);
    }

    /// <summary>The same of a file in memory.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="path">What it is called in errors.</param>
    /// <inheritdoc cref="Read(string)"/>
    public static MaskPicture Read(byte[] file, string path)
    {
        Check(file, path);
        return ReadStored(file, path).Turned(PictureOrientation.Of(file));
    }

    private static MaskPicture ReadStored(byte[] file, string path)
    {
        var numbers = PngNumbers.Of(file);
        using var picture = Decode(path, numbers?.File ?? file);
        if (numbers is not null)
        {
            using var channel = picture.ExtractChannel(0);
            var indices = Values<byte>(channel);
            return new(picture.Height, picture.Width, indices, ToColors(numbers.Colors, indices));
        }

        return picture.Depth() switch
        {
            MatType.CV_8U => Of(picture),
            MatType.CV_16U when picture.Channels() == 1 => new(
                picture.Height,
                picture.Width,
                Narrow(path, Values<ushort>(picture), picture.Width),
                null
            ),
            _ => throw new InvalidDataException(
                $"The mask '{path}' has {picture.Channels()} channel(s) of {8 * picture.ElemSize1()} bits; class ids are "
                    + $"gray values, places in a palette, or colors of 8 bits. {Remedy}"
            ),
        };
    }

    /// <summary>As <see cref="Read(string)"/>, for whoever knows no classes: numbers alone.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="Read(string)"/>, or the picture has colors instead of numbers.</exception>
    public static (byte[] Indices, int Height, int Width) ReadIndices(string path)
    {
        var picture = Read(path);
        return picture.Indices is { } indices
            ? (indices, picture.Height, picture.Width)
            : throw new InvalidDataException(
                $"The mask '{path}' has colors, which only a class file explains. Give the classes, or save class ids as an "
                    + "8-bit gray PNG."
            );
    }

    /// <exception cref="InvalidDataException">It is cut short, claims too many pixels, or changes values.</exception>
    private static void Check(byte[] file, string path)
    {
        if (PictureHeader.Fault(file, path) is { } fault)
        {
            throw new InvalidDataException($"The mask {fault}");
        }

        if (PngNumbers.EndsEarly(file))
        {
            throw new InvalidDataException(
                $"The mask '{path}' ends too early: the file was cut short. Copy it again, or remove it."
            );
        }

        if (LossyFormat.Of(file) is { } format)
        {
            throw new InvalidDataException(
                $"The mask '{path}' is a {format} picture, which changes values a little to save room, so that class ids "
                    + $"are lost. {Remedy}"
            );
        }
    }

    /// <summary>OpenCV answers most damage with an empty picture, and some with an exception.</summary>
    private static Mat Decode(string path, byte[] file)
    {
        OpenCvLoader.EnsureAvailable();
        try
        {
            var picture = Cv2.ImDecode(file, ImreadModes.Unchanged);
            if (!picture.Empty())
            {
                return picture;
            }

            picture.Dispose();
        }
        catch (OpenCVException exception)
        {
            throw new InvalidDataException(
                $"The mask '{path}' cannot be read: it is damaged ({exception.Message}). {Remedy}",
                exception
            );
        }

        throw new InvalidDataException($"The mask '{path}' cannot be read: it is damaged or not a picture. {Remedy}");
    }

    private static MaskPicture Of(Mat picture)
    {
        int channels = picture.Channels();
        if (channels == 1)
        {
            return new(picture.Height, picture.Width, Values<byte>(picture), null);
        }

        using var flat = picture.Reshape(1);
        var values = Values<byte>(flat);
        var colors = new uint[picture.Height * picture.Width];
        bool gray = true;
        for (int i = 0; i < colors.Length; i++)
        {
            var (blue, green, red) = (values[i * channels], values[(i * channels) + 1], values[(i * channels) + 2]);
            colors[i] = (uint)((red << 16) | (green << 8) | blue);
            gray &= red == green && green == blue;
        }

        return new(picture.Height, picture.Width, gray ? [.. colors.Select(color => (byte)color)] : null, colors);
    }

    private static byte[] Narrow(string path, ushort[] values, int width)
    {
        int large = Array.FindIndex(values, value => value > byte.MaxValue);
        return large < 0
            ? [.. values.Select(value => (byte)value)]
            : throw new InvalidDataException(
                $"The mask '{path}' has 16 bits and holds the value {values[large]} at x={large % width}, y={large / width}; "
                    + $"class ids go from 0 to 255. {Remedy}"
            );
    }

    private static uint[]? ToColors(uint[]? palette, byte[] indices) =>
        palette is null || indices.Any(index => index >= palette.Length)
            ? null
            : [.. indices.Select(index => palette[index])];

    /// <summary>Pixels of a decoded picture lie without gaps.</summary>
    private static T[] Values<T>(Mat picture)
        where T : unmanaged
    {
        picture.GetArray(out T[] values);
        return values;
    }
}
