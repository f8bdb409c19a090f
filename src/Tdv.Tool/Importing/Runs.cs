using System.Globalization;
using Tdv.MLNet.Imaging;

namespace Tdv.Tool.Importing;

/// <summary>Run lengths: how many pixels are outside, then inside a shape, and so on.</summary>
internal static class Runs
{
    /// <summary>Pixels of lengths that begin outside.</summary>
    /// <exception cref="FormatException">The lengths do not add up to so many pixels.</exception>
    public static bool[] Fill(IEnumerable<long> lengths, long height, long width)
    {
        if (height < 0 || width < 0 || height * (double)width > PictureHeader.MaxPixels)
        {
            throw new FormatException(
                $"a mask claims {width}×{height} pixels; at most {PictureHeader.MaxPixels} are read"
            );
        }

        var pixels = new bool[height * width];
        long at = 0;
        bool inside = false;
        foreach (long length in lengths)
        {
            if (length < 0 || length > pixels.Length - at)
            {
                at = -1;
                break;
            }

            if (inside)
            {
                pixels.AsSpan((int)at, (int)length).Fill(true);
            }

            at += length;
            inside = !inside;
        }

        return at == pixels.Length
            ? pixels
            : throw new FormatException($"the run lengths of a mask do not add up to its {width}×{height} pixels");
    }

    /// <summary>The transpose: COCO's runs go down the columns.</summary>
    public static bool[] Transpose(bool[] columns, int height, int width)
    {
        var rows = new bool[columns.Length];
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < height; y++)
            {
                rows[(y * width) + x] = columns[(x * height) + y];
            }
        }

        return rows;
    }

    /// <summary>
    /// Lengths as the COCO API packs them (<c>rleFrString</c>): five bits a character, and from the fourth length on the
    /// difference to the one before the last.
    /// </summary>
    /// <exception cref="FormatException">A character is none of the code's.</exception>
    public static IReadOnlyList<long> Unpack(string text)
    {
        const int first = 48;
        var lengths = new List<long>();
        int at = 0;
        while (at < text.Length)
        {
            long value = 0;
            int shift = 0;
            int bits;
            do
            {
                bits = at < text.Length ? text[at++] - first : -1;
                if (bits is < 0 or > 63 || shift > 30)
                {
                    throw new FormatException("the packed run lengths of a mask are damaged");
                }

                value |= (long)(bits & 31) << shift;
                shift += 5;
            } while ((bits & 32) != 0);

            if ((bits & 16) != 0)
            {
                value |= -1L << shift;
            }

            lengths.Add(lengths.Count > 2 ? value + lengths[^2] : value);
        }

        return lengths;
    }

    /// <summary>Lengths parted by commas.</summary>
    /// <exception cref="FormatException">One is no number.</exception>
    public static IEnumerable<long> Parse(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(part =>
                long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long length)
                    ? length
                    : throw new FormatException($"'{part}' among the run lengths of a mask is no number")
            );
}
