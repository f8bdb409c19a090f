namespace Tdv.Samples.Demo;

/// <summary>A color, 0 to 255 each.</summary>
public readonly record struct Rgb(float Red, float Green, float Blue)
{
    public static Rgb Mix(Rgb first, Rgb second, float part) =>
        new(
            first.Red + (part * (second.Red - first.Red)),
            first.Green + (part * (second.Green - first.Green)),
            first.Blue + (part * (second.Blue - first.Blue))
        );

    /// <param name="hue">0 to 6: red, yellow, green, cyan, blue, magenta.</param>
    /// <param name="saturation">0 to 1.</param>
    /// <param name="value">0 to 1.</param>
    public static Rgb FromHsv(float hue, float saturation, float value)
    {
        float Channel(float shift)
        {
            float k = (shift + hue) % 6;
            return 255 * value * (1 - (saturation * Math.Clamp(MathF.Min(k, 4 - k), 0, 1)));
        }

        return new Rgb(Channel(5), Channel(3), Channel(1));
    }
}
