using System.Globalization;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>The size that frames are resized to for a network, in pixels.</summary>
internal readonly record struct FrameSize(int Height, int Width)
{
    /// <param name="text"><c>HEIGHTxWIDTH</c>.</param>
    /// <exception cref="UserException">It is something else.</exception>
    public static FrameSize Parse(string text)
    {
        string[] parts = text.Split('x', 'X', '×');
        return parts.Length == 2 && Side(parts[0], out int height) && Side(parts[1], out int width)
            ? new(height, width)
            : throw new UserException($"--size is '{text}'; HEIGHTxWIDTH in pixels is expected, such as 224x400.");
    }

    /// <exception cref="UserException">They are no whole patches.</exception>
    public FrameSize InPatches(int patch) =>
        Height % patch == 0 && Width % patch == 0
            ? this
            : throw new UserException(
                $"--size is {this}; both must be multiples of the network's patches of {patch} pixels, such as "
                    + $"{new FrameSize(Round(Height, patch), Round(Width, patch))}."
            );

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}x{Width}");

    private static int Round(int side, int patch) => Math.Max(1, (side + (patch / 2)) / patch) * patch;

    private static bool Side(string text, out int side) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is >= 1 and <= 8192;
}
