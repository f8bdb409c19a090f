namespace Tdv.MLNet.Masks;

/// <summary>What a label picture says of each pixel, row-major.</summary>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Indices">Its number: a gray value, or a place in the palette. Null where colors differ in red, green and blue.</param>
/// <param name="Colors">Its color, 0xRRGGBB. Null for gray pictures.</param>
internal sealed record MaskPicture(int Height, int Width, byte[]? Indices, uint[]? Colors)
{
    public int Pixels => Height * Width;
}
