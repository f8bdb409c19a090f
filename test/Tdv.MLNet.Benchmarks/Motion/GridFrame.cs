using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.MLNet.Benchmarks.Motion;

/// <summary>A frame in memory and the mask of the first one, as a row for ML.NET.</summary>
internal sealed class GridFrame
{
    public const int Height = 240;
    public const int Width = 428;

    [ImageType(Height, Width)]
    public required MLImage Frame { get; init; }

    [KeyType(2)]
    public required uint[] Mask { get; init; }

    /// <summary>A disc that moves over noise that does not.</summary>
    public static GridFrame[] Film(int count)
    {
        var random = new Random(1);
        byte[] ground = new byte[Height * Width * 4];
        random.NextBytes(ground);
        return [.. Enumerable.Range(0, count).Select(frame => Of(frame, ground))];
    }

    private static GridFrame Of(int frame, byte[] ground)
    {
        byte[] pixels = [.. ground];
        uint[] mask = new uint[Height * Width];
        for (int i = 0; i < mask.Length; i++)
        {
            var (y, x) = ((i / Width) - 120, (i % Width) - 100 - (2 * (frame % 100)));
            bool inside = (y * y) + (x * x) < 2500;
            mask[i] = inside ? 2u : 1;
            if (inside)
            {
                pixels.AsSpan(4 * i, 4).Fill(230);
            }
        }

        return new GridFrame
        {
            Frame = MLImage.CreateFromPixels(Width, Height, MLPixelFormat.Bgra32, pixels),
            Mask = frame == 0 ? mask : [],
        };
    }
}
