namespace Tdv.Samples.Demo;

/// <summary>A square picture of floats in RGB, 0 to 255, that repeats itself in both directions.</summary>
public sealed class Texture
{
    public const int Size = 256;
    private const int Channels = 3;
    private readonly float[] _values = new float[Size * Size * Channels];

    /// <summary>Mixes two colors by a pattern from 0 to 1, which is given the pixel's x and y.</summary>
    public Texture(Rgb first, Rgb second, Func<int, int, float> pattern)
    {
        for (int y = 0; y < Size; y++)
        {
            for (int x = 0; x < Size; x++)
            {
                var color = Rgb.Mix(first, second, pattern(x, y));
                int at = ((y * Size) + x) * Channels;
                (_values[at], _values[at + 1], _values[at + 2]) = (color.Red, color.Green, color.Blue);
            }
        }
    }

    /// <summary>The color between pixels.</summary>
    public Rgb At(float x, float y)
    {
        int left = (int)MathF.Floor(x);
        int top = (int)MathF.Floor(y);
        var upper = Rgb.Mix(Pixel(left, top), Pixel(left + 1, top), x - left);
        var lower = Rgb.Mix(Pixel(left, top + 1), Pixel(left + 1, top + 1), x - left);
        return Rgb.Mix(upper, lower, y - top);
    }

    private Rgb Pixel(int x, int y)
    {
        int at = (((y & (Size - 1)) * Size) + (x & (Size - 1))) * Channels;
        return new Rgb(_values[at], _values[at + 1], _values[at + 2]);
    }
}
