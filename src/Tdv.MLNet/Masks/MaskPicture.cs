using SkiaSharp;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Masks;

/// <summary>What a label picture says of each pixel, row-major.</summary>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Indices">Its number: a gray value, or a place in the palette. Null where colors differ in red, green and blue.</param>
/// <param name="Colors">Its color, 0xRRGGBB. Null for gray pictures.</param>
internal sealed record MaskPicture(int Height, int Width, byte[]? Indices, uint[]? Colors)
{
    public int Pixels => Height * Width;

    /// <summary>The same upright.</summary>
    public MaskPicture Turned(SKEncodedOrigin origin) =>
        origin == SKEncodedOrigin.Default
            ? this
            : new(
                PictureOrientation.Turns(origin) ? Width : Height,
                PictureOrientation.Turns(origin) ? Height : Width,
                Turned(Indices, origin),
                Turned(Colors, origin)
            );

    private T[]? Turned<T>(T[]? stored, SKEncodedOrigin origin)
    {
        if (stored is null)
        {
            return null;
        }

        var upright = new T[stored.Length];
        PictureOrientation.Turn<T>(stored, upright, Height, Width, origin);
        return upright;
    }
}
