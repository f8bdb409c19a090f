using System.Numerics;
using OpenCvSharp;

namespace Tdv.MLNet.Motion;

/// <summary>Layers, the background first, seen at two times.</summary>
internal sealed class MovingScene(int height, int width, IReadOnlyList<MovingLayer> layers) : IDisposable
{
    /// <summary>Along each side of a pixel: outlines are smooth, and both frames equally sharp.</summary>
    public const int Samples = 2;

    public MovingPair Render()
    {
        var flow = new float[height * width * 2];
        var valid = new bool[height * width];
        for (int pixel = 0; pixel < valid.Length; pixel++)
        {
            var place = new Vector2(pixel % width, pixel / width);
            int layer = First(place).Layer;
            var motion = layers[layer].Field.At(place);
            var target = place + motion;
            (flow[2 * pixel], flow[(2 * pixel) + 1]) = (motion.X, motion.Y);
            valid[pixel] =
                target.X >= 0
                && target.X <= width - 1
                && target.Y >= 0
                && target.Y <= height - 1
                && Second(target).Layer == layer;
        }

        return new(height, width, Paint(First), Paint(Second), flow, valid);
    }

    public void Dispose()
    {
        foreach (var layer in layers)
        {
            layer.Dispose();
        }
    }

    /// <summary>The foremost layer at a place in the first frame, and the place itself.</summary>
    private (int Layer, Vector2 Place) First(Vector2 place)
    {
        int layer = layers.Count - 1;
        while (layers[layer].Shape is { } shape && !shape.Contains(place))
        {
            layer--;
        }

        return (layer, place);
    }

    /// <summary>The foremost layer at a place in the second frame, and where that point of it was in the first.</summary>
    private (int Layer, Vector2 Place) Second(Vector2 place)
    {
        for (int layer = layers.Count - 1; ; layer--)
        {
            var before = layers[layer].Field.Before(place);
            if (layers[layer].Shape is not { } shape || shape.Contains(before))
            {
                return (layer, before);
            }
        }
    }

    private byte[] Paint(Func<Vector2, (int Layer, Vector2 Place)> seen)
    {
        var (rows, columns) = (height * Samples, width * Samples);
        var places = new float[rows * columns * 2];
        var masks = layers.Select(_ => new byte[rows * columns]).ToArray();
        for (int sample = 0; sample < rows * columns; sample++)
        {
            var point =
                (new Vector2((sample % columns) + 0.5f, (sample / columns) + 0.5f) / Samples) - new Vector2(0.5f);
            var (layer, place) = seen(point);
            var source = layers[layer].Texture.At(place);
            (places[2 * sample], places[(2 * sample) + 1]) = (source.X, source.Y);
            masks[layer][sample] = byte.MaxValue;
        }

        using var map = Mat.FromPixelData(rows, columns, MatType.CV_32FC2, places);
        using var none = new Mat();
        using var canvas = new Mat(rows, columns, MatType.CV_8UC3);
        for (int layer = 0; layer < layers.Count; layer++)
        {
            using var sampled = new Mat();
            using var mask = Mat.FromPixelData(rows, columns, MatType.CV_8UC1, masks[layer]);
            Cv2.Remap(
                layers[layer].Texture.Picture,
                sampled,
                map,
                none,
                InterpolationFlags.Linear,
                BorderTypes.Reflect101
            );
            sampled.CopyTo(canvas, mask);
        }

        using var frame = canvas.Resize(new Size(width, height), 0, 0, InterpolationFlags.Area);
        using var opaque = frame.CvtColor(ColorConversionCodes.BGR2BGRA);
        opaque.GetArray(out Vec4b[] pixels);
        return System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray();
    }
}
