using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>Small in-memory frame pairs: a bright square that moves over noise.</summary>
internal static class Clips
{
    public sealed class Pair
    {
        [ImageType(48, 48)]
        public MLImage Frame { get; set; } = null!;

        [ImageType(48, 48)]
        public MLImage PreviousFrame { get; set; } = null!;
    }

    public static IDataView View(MLContext ml, int count) => View(ml, Pairs(count));

    public static IDataView View(MLContext ml, List<Pair> pairs) => ml.Data.LoadFromEnumerable(pairs);

    public static List<Pair> Pairs(int count, int size = 48) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new Pair { PreviousFrame = Draw(i, i % 7, size), Frame = Draw(i, (i % 7) + 5, size) }),
        ];

    public static MLImage Draw(int seed, int offset, int size)
    {
        var random = new Random(seed);
        var pixels = new byte[size * size * 4];
        random.NextBytes(pixels);
        for (int y = 8; y < 20; y++)
        {
            for (int x = offset + 4; x < offset + 16; x++)
            {
                pixels.AsSpan(((y * size) + x) * 4, 3).Fill(240);
            }
        }

        for (int alpha = 3; alpha < pixels.Length; alpha += 4)
        {
            pixels[alpha] = 255;
        }

        return MLImage.CreateFromPixels(size, size, MLPixelFormat.Bgra32, pixels);
    }
}
