using Tdv.MLNet.Foundation;
using Tdv.MLNet.Motion;

namespace Tdv.MLNet;

/// <summary>
/// Optical flow: for each pixel of a picture, how far what is seen there has moved in the next one. Right and down are
/// positive. A pixel whose flow is not known has NaN.
/// </summary>
public sealed class FlowField
{
    private const string Extensions = ".flo, .flo.gz and .png";

    /// <summary>A field of known numbers.</summary>
    /// <param name="height">Pixels from top to bottom.</param>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="u">Pixels to the right, <c>[height, width]</c>, row-major; not copied. NaN or infinite: not known.</param>
    /// <param name="v">Pixels down, of the same shape.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the size.</exception>
    public FlowField(int height, int width, float[] u, float[] v)
    {
        ArgumentNullException.ThrowIfNull(u);
        ArgumentNullException.ThrowIfNull(v);
        var faults = new Faults();
        faults.Check(height >= 1, $"height is {height}; it must be at least 1.");
        faults.Check(width >= 1, $"width is {width}; it must be at least 1.");
        long pixels = (long)height * width;
        faults.Check(u.Length == pixels, $"u has {u.Length} values; {height} × {width} pixels need {pixels}.");
        faults.Check(v.Length == pixels, $"v has {v.Length} values; {height} × {width} pixels need {pixels}.");
        faults.ThrowIfAny("This is no flow field:");
        (Height, Width, U, V) = (height, width, u, v);
        Valid = new bool[pixels];
        for (int i = 0; i < Valid.Length; i++)
        {
            Valid[i] = float.IsFinite(u[i]) && float.IsFinite(v[i]);
        }
    }

    /// <summary>Pixels from top to bottom.</summary>
    public int Height { get; }

    /// <summary>Pixels from left to right.</summary>
    public int Width { get; }

    /// <summary>Pixels to the right, <c>[Height, Width]</c>, row-major.</summary>
#pragma warning disable CA1819 // millions of numbers, to be computed with
    public float[] U { get; }

    /// <summary>Pixels down, <c>[Height, Width]</c>, row-major.</summary>
    public float[] V { get; }

    /// <summary>Whether a pixel's flow is known, <c>[Height, Width]</c>, row-major.</summary>
    public bool[] Valid { get; }
#pragma warning restore CA1819

    /// <summary>
    /// Reads <c>.flo</c> (Middlebury, Baker et al. 2011), <c>.flo.gz</c> or a 16-bit <c>.png</c> (KITTI, Menze and Geiger
    /// 2015).
    /// </summary>
    /// <param name="path">The file; its extension tells the format.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is damaged, cut short, or of another kind.</exception>
    public static FlowField Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        PlainFile.Require(path, "The flow");
        return FloFile.Is(path) ? FloFile.Read(path)
            : PngFile.Is(path) ? FlowPng.Read(path)
            : throw new InvalidDataException($"The flow '{path}' is of an unknown format; {Extensions} can be read.");
    }

    /// <summary>
    /// Writes <c>.flo</c>, <c>.flo.gz</c>, or <c>.png</c> as KITTI has it, which rounds to 1/64 pixel. An existing file is
    /// replaced, and never half-written.
    /// </summary>
    /// <param name="path">The file; its extension tells the format.</param>
    /// <exception cref="ArgumentException">The extension is another one, or the flow is too long for a <c>.png</c>.</exception>
    public void Save(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (FloFile.Is(path))
        {
            FloFile.Write(path, this);
        }
        else if (PngFile.Is(path))
        {
            FlowPng.Write(path, this);
        }
        else
        {
            throw new ArgumentException(
                $"The flow cannot be written to '{path}'; {Extensions} can be written.",
                nameof(path)
            );
        }
    }

    /// <summary>The numbers as a column holds them, <c>[Height, Width, 2]</c>: to the right, down; NaN where not known.</summary>
    public float[] ToVector()
    {
        var vector = new float[2 * U.Length];
        for (int i = 0; i < U.Length; i++)
        {
            (vector[2 * i], vector[(2 * i) + 1]) = Valid[i] ? (U[i], V[i]) : (float.NaN, float.NaN);
        }

        return vector;
    }
}
