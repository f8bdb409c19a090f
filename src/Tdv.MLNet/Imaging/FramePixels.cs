using Microsoft.ML.Data;
using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Imaging;

/// <summary>From pictures to what the network takes: resized RGB bytes, then a normalized tensor.</summary>
internal static class FramePixels
{
    public const int Channels = 3;

    /// <summary>Mean and deviation of ImageNet's channels, red, green, blue: those of the official code.</summary>
    internal static readonly float[] Mean = [0.485f, 0.456f, 0.406f];
    internal static readonly float[] Deviation = [0.229f, 0.224f, 0.225f];

    /// <summary>Resizes a picture as the official code does and writes it as RGB, <c>[height, width, 3]</c>.</summary>
    public static void Read(MLImage image, Span<byte> target, int height, int width)
    {
        const int pixelSize = 4;
        var source = image.Pixels;
        byte[]? resized = null;
        if (image.Height != height || image.Width != width)
        {
            resized = System.Buffers.ArrayPool<byte>.Shared.Rent(height * width * pixelSize);
            AntialiasedResize.Run(source, image.Height, image.Width, pixelSize, resized, height, width);
            source = resized;
        }

        int red = image.PixelFormat == MLPixelFormat.Bgra32 ? 2 : 0;
        for (int pixel = 0; pixel < height * width; pixel++)
        {
            target[pixel * Channels] = source[(pixel * pixelSize) + red];
            target[(pixel * Channels) + 1] = source[(pixel * pixelSize) + 1];
            target[(pixel * Channels) + 2] = source[(pixel * pixelSize) + 2 - red];
        }

        if (resized is not null)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(resized);
        }
    }

    /// <summary>Normalizes pictures for the network.</summary>
    /// <param name="pixels">RGB bytes, <c>[count, height, width, 3]</c>.</param>
    /// <returns><c>[count, 3, height, width]</c>, float32.</returns>
    public static Tensor ToTensor(Memory<byte> pixels, long count, long height, long width, Device device)
    {
        var bytes = tensor(pixels, [count, height, width, Channels]).to(device);
        var values = bytes.permute(0, 3, 1, 2).contiguous().to_type(ScalarType.Float32).Divide_(byte.MaxValue);
        var mean = tensor(Mean, device: device).view(1, Channels, 1, 1);
        var deviation = tensor(Deviation, device: device).view(1, Channels, 1, 1);
        return values.sub_(mean).div_(deviation);
    }
}
