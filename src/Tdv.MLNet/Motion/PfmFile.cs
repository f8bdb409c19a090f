using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Portable float maps of one channel: <c>Pf</c>, width, height, a scale that is negative for little-endian numbers, then
/// the rows from the lowest up. The scale's size is not applied: Middlebury's disparities are pixels whatever it is.
/// </summary>
internal static class PfmFile
{
    /// <summary>Longer words are no numbers.</summary>
    private const int MaxWord = 32;

    public static bool Is(string path) => path.EndsWith(".pfm", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidDataException">It is none, damaged or cut short.</exception>
    public static DisparityMap Read(string path, double divisor)
    {
        using var stream = new BufferedStream(File.OpenRead(path));
        string magic = Word(stream);
        if (magic != "Pf")
        {
            throw new InvalidDataException(
                magic == "PF"
                    ? $"The disparity '{path}' has 3 channels; a .pfm of one channel is expected, which begins with 'Pf'."
                    : $"The disparity '{path}' is no .pfm file: it does not begin with 'Pf'."
            );
        }

        var (width, height, scale) = (Word(stream), Word(stream), Word(stream));
        bool sized = int.TryParse(width, CultureInfo.InvariantCulture, out int columns);
        sized &= int.TryParse(height, CultureInfo.InvariantCulture, out int rows);
        if (!sized || columns < 1 || rows < 1 || PictureHeader.Fault(path, columns, rows) is not null)
        {
            throw new InvalidDataException(
                $"The disparity '{path}' claims '{width}' × '{height}' pixels; 1 to {PictureHeader.MaxPixels} pixels are "
                    + "possible. It is damaged; copy it anew."
            );
        }

        if (
            !double.TryParse(scale, NumberStyles.Float, CultureInfo.InvariantCulture, out double order)
            || !(Math.Abs(order) > 0)
        )
        {
            throw new InvalidDataException(
                $"The disparity '{path}' has the scale '{scale}'; a number other than 0 is expected, whose sign tells the "
                    + "order of bytes. It is damaged; copy it anew."
            );
        }

        if (stream.Length - stream.Position < (long)columns * rows * sizeof(float))
        {
            throw CutShort(path, rows, columns);
        }

        return new DisparityMap(rows, columns, ReadValues(stream, path, rows, columns, order < 0, divisor));
    }

    /// <summary>Little-endian; infinite where not known.</summary>
    public static void Write(string path, DisparityMap map) =>
        AtomicFile.Write(
            path,
            stream =>
            {
                using var writer = new BinaryWriter(stream, Encoding.ASCII, leaveOpen: true);
                writer.Write(Encoding.ASCII.GetBytes($"Pf\n{map.Width} {map.Height}\n-1\n"));
                for (int i = 0; i < map.Values.Length; i++)
                {
                    int pixel = ((map.Height - 1 - (i / map.Width)) * map.Width) + (i % map.Width);
                    writer.Write(map.Valid[pixel] ? map.Values[pixel] : float.PositiveInfinity);
                }
            }
        );

    private static float[] ReadValues(Stream stream, string path, int rows, int columns, bool little, double divisor)
    {
        var values = new float[rows * columns];
        var bytes = new byte[columns * sizeof(float)];
        for (int row = rows - 1; row >= 0; row--)
        {
            if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw CutShort(path, rows, columns);
            }

            for (int x = 0; x < columns; x++)
            {
                var at = bytes.AsSpan(x * sizeof(float));
                float value = little
                    ? BinaryPrimitives.ReadSingleLittleEndian(at)
                    : BinaryPrimitives.ReadSingleBigEndian(at);
                values[(row * columns) + x] = float.IsFinite(value) ? (float)(value / divisor) : float.NaN;
            }
        }

        return values;
    }

    /// <summary>The next word and the one character behind it, behind which the numbers may begin.</summary>
    private static string Word(Stream stream)
    {
        var word = new StringBuilder();
        for (int c = stream.ReadByte(); c >= 0 && word.Length < MaxWord; c = stream.ReadByte())
        {
            if (!char.IsWhiteSpace((char)c))
            {
                word.Append((char)c);
            }
            else if (word.Length > 0)
            {
                break;
            }
        }

        return word.ToString();
    }

    private static InvalidDataException CutShort(string path, int rows, int columns) =>
        new(
            $"The disparity '{path}' is cut short: it has not all of the {columns} × {rows} pixels it claims. Copy it anew."
        );
}
