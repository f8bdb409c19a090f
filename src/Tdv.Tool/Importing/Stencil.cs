using OpenCvSharp;

namespace Tdv.Tool.Importing;

/// <summary>Pixels one by one, in a rectangle of the picture.</summary>
/// <param name="Label">The name of the class.</param>
/// <param name="Pixels">Row-major: whether each pixel of the rectangle belongs to the shape.</param>
/// <param name="Height">Of the rectangle.</param>
/// <param name="Width">Of the rectangle.</param>
/// <param name="Top">Rows above the rectangle.</param>
/// <param name="Left">Columns left of the rectangle.</param>
/// <param name="IsWhole">Whether the rectangle is the whole picture.</param>
internal sealed record Stencil(
    string Label,
    bool[] Pixels,
    int Height,
    int Width,
    int Top = 0,
    int Left = 0,
    bool IsWhole = true
) : ImportedShape(Label)
{
    public override void Draw(Mat mask, byte id)
    {
        if (IsWhole && (Height, Width) != (mask.Height, mask.Width))
        {
            throw new FormatException(
                $"a mask of '{Label}' is {Width}×{Height} pixels, its picture {mask.Width}×{mask.Height}"
            );
        }

        if (Top < 0 || Left < 0 || (long)Top + Height > mask.Height || (long)Left + Width > mask.Width)
        {
            throw new FormatException(
                $"a mask of '{Label}' covers x={Left} to {(long)Left + Width}, y={Top} to {(long)Top + Height} of a picture "
                    + $"of {mask.Width}×{mask.Height} pixels"
            );
        }

        var rows = mask.GetUnsafeGenericIndexer<byte>();
        for (int i = 0; i < Pixels.Length; i++)
        {
            if (Pixels[i])
            {
                rows[Top + (i / Width), Left + (i % Width)] = id;
            }
        }
    }
}
