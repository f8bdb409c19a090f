using Tdv.MLNet.Imaging;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>Two pictures that are compared with one another.</summary>
internal static class PicturePair
{
    /// <summary>The size that two pictures share.</summary>
    /// <exception cref="UserException">They are of two sizes, or cannot be read.</exception>
    public static (int Height, int Width) SizeOf(string one, string other)
    {
        var (first, second) = (Size(one), Size(other));
        return first == second
            ? first
            : throw new UserException(
                $"'{one}' is {first.Width} × {first.Height} pixels, '{other}' {second.Width} × {second.Height}. Pictures "
                    + "that are compared must be of one size."
            );
    }

    private static (int Height, int Width) Size(string path)
    {
        try
        {
            using var picture = PictureFile.Open(path);
            return (picture.Height, picture.Width);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new UserException(exception.Message, exception);
        }
    }
}
