using Microsoft.ML.Data;
using Tdv.MLNet.Visualization;

namespace Tdv.MLNet;

/// <summary>
/// Paints flow by Middlebury's color wheel: the direction is the hue, the length the saturation, and no motion white.
/// The range is fixed, so that a color means the same in each frame of a clip. Pixels whose flow is not known are black.
/// </summary>
/// <remarks>Baker et al., A Database and Evaluation Methodology for Optical Flow, 2011.</remarks>
public sealed class FlowColors
{
    private const int PixelSize = 4;

    /// <summary>What lies beyond the range is darker.</summary>
    private const double Beyond = 0.75;

    private static readonly (double Red, double Green, double Blue)[] Wheel = CreateWheel();

    /// <summary>Colors of a known range.</summary>
    /// <param name="longest">The length in pixels that has full color.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0.</exception>
    public FlowColors(float longest)
    {
        if (!(longest > 0 && float.IsFinite(longest)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(longest),
                FormattableString.Invariant($"longest is {longest}; it must be above 0.")
            );
        }

        Longest = longest;
    }

    /// <summary>The length in pixels that has full color.</summary>
    public float Longest { get; }

    /// <summary>A range that ends with the longest known flow; with 1 pixel where nothing moves further.</summary>
    /// <param name="fields">All that are to be compared by eye, such as the frames of a clip.</param>
    public static FlowColors Fit(IEnumerable<FlowField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        float longest = 1;
        foreach (var field in fields)
        {
            for (int i = 0; i < field.U.Length; i++)
            {
                float length = MathF.Sqrt((field.U[i] * field.U[i]) + (field.V[i] * field.V[i]));
                longest = field.Valid[i] ? Math.Max(longest, length) : longest;
            }
        }

        return new FlowColors(longest);
    }

    /// <summary>Paints a field, pixel by pixel.</summary>
    /// <param name="field">The flow.</param>
    /// <returns>A picture of its size, to be disposed of by the caller.</returns>
    public MLImage Paint(FlowField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        var pixels = new byte[checked(field.U.Length * PixelSize)];
        for (int i = 0; i < field.U.Length; i++)
        {
            var pixel = pixels.AsSpan(i * PixelSize, PixelSize);
            (pixel[0], pixel[1], pixel[2]) = field.Valid[i] ? Color(field.U[i], field.V[i]) : default;
            pixel[3] = byte.MaxValue;
        }

        return MLImage.CreateFromPixels(field.Width, field.Height, MLPixelFormat.Rgba32, pixels);
    }

    /// <summary>The color of one flow.</summary>
    internal (byte Red, byte Green, byte Blue) Color(float u, float v)
    {
        double length = Math.Sqrt(((double)u * u) + ((double)v * v)) / Longest;
        double place = (Math.Atan2(-v, -u) / Math.PI + 1) / 2 * (Wheel.Length - 1);
        int before = (int)place;
        var (one, other) = (Wheel[before], Wheel[(before + 1) % Wheel.Length]);
        double share = place - before;
        return (Mix(one.Red, other.Red), Mix(one.Green, other.Green), Mix(one.Blue, other.Blue));

        byte Mix(double first, double second)
        {
            double color = first + (share * (second - first));
            return (byte)(byte.MaxValue * (length <= 1 ? 1 - (length * (1 - color)) : Beyond * color));
        }
    }

    /// <summary>From red over yellow, green, cyan, blue and magenta back to red, in steps that look alike.</summary>
    private static (double, double, double)[] CreateWheel() =>
        [
            .. Segment(15, part => (1, part, 0)),
            .. Segment(6, part => (1 - part, 1, 0)),
            .. Segment(4, part => (0, 1, part)),
            .. Segment(11, part => (0, 1 - part, 1)),
            .. Segment(13, part => (part, 0, 1)),
            .. Segment(6, part => (1, 0, 1 - part)),
        ];

    private static IEnumerable<(double, double, double)> Segment(
        int steps,
        Func<double, (double, double, double)> color
    ) => Enumerable.Range(0, steps).Select(step => color((double)step / steps));
}
