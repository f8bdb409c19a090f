namespace Tdv.Samples.Demo;

/// <summary>
/// Light that is another in every frame, in soft blotches of any color: two frames differ everywhere, so that their
/// difference does not tell what moved, and no past tells what the light will be.
/// </summary>
/// <param name="seed">Of the light; each moment has its own lot.</param>
/// <param name="size">Height and width of the frames in pixels.</param>
/// <param name="strength">From 0, steady, to 1: between darkness and twice the light.</param>
public sealed class FlickeringLight(int seed, int size, float strength)
{
    private const int Channels = 3;

    /// <summary>Along an edge of <see cref="Texture.Size"/> pixels: blotches of about 32.</summary>
    private const int Cells = 8;

    /// <summary>The part of the light that all colors share.</summary>
    private const float White = 0.5f;

    /// <summary>A scene in this light.</summary>
    public ClipWriter.Drawing On(ClipWriter.Drawing scene) =>
        (time, frame, mask) =>
        {
            scene(time, frame, mask);
            Shine(time, frame);
        };

    private void Shine(float time, Span<byte> frame)
    {
        var random = new Random(unchecked((seed * 48_271) ^ BitConverter.SingleToInt32Bits(time)));
        var white = new ValueNoise(random, Cells);
        ValueNoise[] colors = [.. Enumerable.Range(0, Channels).Select(_ => new ValueNoise(random, Cells))];
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                float shared = White * white.At(x, y);
                for (int channel = 0; channel < Channels; channel++)
                {
                    float light = shared + ((1 - White) * colors[channel].At(x, y));
                    ref byte value = ref frame[(((y * size) + x) * Channels) + channel];
                    value = (byte)Math.Clamp(value * (1 + (strength * ((2 * light) - 1))), 0, 255);
                }
            }
        }
    }
}
