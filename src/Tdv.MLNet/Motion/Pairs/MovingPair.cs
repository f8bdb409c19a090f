using Microsoft.ML.Data;

namespace Tdv.MLNet.Motion;

/// <summary>Two frames and how each pixel of the first moves to the second.</summary>
/// <param name="Height">Of the frames, in pixels.</param>
/// <param name="Width">As <paramref name="Height"/>.</param>
/// <param name="First">BGRA, <c>[height, width, 4]</c>.</param>
/// <param name="Second">As <paramref name="First"/>.</param>
/// <param name="Flow">To the right and down, in pixels, <c>[height, width, 2]</c>.</param>
/// <param name="Valid">Whether what a pixel shows is seen in the second frame, too, <c>[height, width]</c>.</param>
internal sealed record MovingPair(int Height, int Width, byte[] First, byte[] Second, float[] Flow, bool[] Valid)
{
    public MLImage FirstImage() => Image(First);

    public MLImage SecondImage() => Image(Second);

    /// <summary>The mean flow of each patch's valid pixels, <c>[rows, columns, 2]</c>; NaN where fewer than half of them are valid.</summary>
    public float[] Cells(int patch)
    {
        int columns = Width / patch;
        var cells = new float[Height / patch * columns * 2];
        for (int cell = 0; cell < cells.Length / 2; cell++)
        {
            var (top, left) = (cell / columns * patch, cell % columns * patch);
            double u = 0,
                v = 0;
            int count = 0;
            for (int i = 0; i < patch * patch; i++)
            {
                int pixel = ((top + (i / patch)) * Width) + left + (i % patch);
                if (Valid[pixel])
                {
                    u += Flow[2 * pixel];
                    v += Flow[(2 * pixel) + 1];
                    count++;
                }
            }

            bool known = 2 * count >= patch * patch;
            cells[2 * cell] = known ? (float)(u / count) : float.NaN;
            cells[(2 * cell) + 1] = known ? (float)(v / count) : float.NaN;
        }

        return cells;
    }

    private MLImage Image(byte[] pixels) => MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, pixels);
}
