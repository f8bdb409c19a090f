using Tdv.MLNet.Foundation;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet;

/// <summary>
/// Disparity: for each pixel of the left picture of a rectified pair, how many pixels further to the left the same thing
/// is in the right one. A pixel whose disparity is not known has NaN.
/// </summary>
public sealed class DisparityMap
{
    private const string Extensions = ".pfm and .png";

    /// <summary>A map of known numbers.</summary>
    /// <param name="height">Pixels from top to bottom.</param>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="values">Pixels, <c>[height, width]</c>, row-major; not copied. NaN or infinite: not known.</param>
    /// <exception cref="ArgumentException">The length does not fit the size.</exception>
    public DisparityMap(int height, int width, float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var faults = new Faults();
        faults.Check(height >= 1, $"height is {height}; it must be at least 1.");
        faults.Check(width >= 1, $"width is {width}; it must be at least 1.");
        long pixels = (long)height * width;
        faults.Check(
            values.Length == pixels,
            $"there are {values.Length} values; {height} × {width} pixels need {pixels}."
        );
        faults.ThrowIfAny("This is no disparity map:");
        (Height, Width, Values) = (height, width, values);
        Valid = [.. values.Select(float.IsFinite)];
    }

    /// <summary>Pixels from top to bottom.</summary>
    public int Height { get; }

    /// <summary>Pixels from left to right.</summary>
    public int Width { get; }

    /// <summary>Pixels, <c>[Height, Width]</c>, row-major.</summary>
#pragma warning disable CA1819 // millions of numbers, to be computed with
    public float[] Values { get; }

    /// <summary>Whether a pixel's disparity is known, <c>[Height, Width]</c>, row-major.</summary>
    public bool[] Valid { get; }
#pragma warning restore CA1819

    /// <summary>
    /// Reads <c>.pfm</c> (Middlebury, Scharstein et al. 2014; infinite: not known) or a gray <c>.png</c> of 8 or 16 bits
    /// (0: not known).
    /// </summary>
    /// <param name="path">The file; its extension tells the format.</param>
    /// <param name="divisor">
    /// What the file's values are divided by. Null: 256 for a picture of 16 bits, as KITTI has it, and 1 for
    /// <c>.pfm</c>; a picture of 8 bits does not tell.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, cut short, or of another kind, or the divisor is not known.</exception>
    public static DisparityMap Load(string path, double? divisor = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        CheckDivisor(divisor);
        PlainFile.Require(path, "The disparity");
        return PfmFile.Is(path) ? PfmFile.Read(path, divisor ?? 1)
            : PngFile.Is(path) ? DisparityPng.Read(path, divisor)
            : throw new InvalidDataException(
                $"The disparity '{path}' is of an unknown format; {Extensions} can be read."
            );
    }

    /// <summary>
    /// Writes <c>.pfm</c>, or <c>.png</c> of 16 bits, which rounds to 1/<paramref name="divisor"/> pixel. An existing file
    /// is replaced, and never half-written.
    /// </summary>
    /// <param name="path">The file; its extension tells the format.</param>
    /// <param name="divisor">What the picture's values are to be divided by. Null: 256, as KITTI has it.</param>
    /// <exception cref="ArgumentException">
    /// The extension is another one, a divisor is given for <c>.pfm</c>, or a disparity does not fit a <c>.png</c>.
    /// </exception>
    public void Save(string path, double? divisor = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        CheckDivisor(divisor);
        if (PfmFile.Is(path) && divisor is null)
        {
            PfmFile.Write(path, this);
        }
        else if (PngFile.Is(path))
        {
            DisparityPng.Write(path, this, divisor ?? DisparityPng.KittiDivisor);
        }
        else
        {
            throw new ArgumentException(
                $"The disparity cannot be written to '{path}'; {Extensions} can be written, and a divisor belongs to "
                    + ".png alone.",
                nameof(path)
            );
        }
    }

    private static void CheckDivisor(double? divisor)
    {
        if (divisor is { } value && !(value > 0 && double.IsFinite(value)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(divisor),
                FormattableString.Invariant($"divisor is {value}; it must be above 0, such as 256 for KITTI.")
            );
        }
    }
}
