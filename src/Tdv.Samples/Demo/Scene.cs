namespace Tdv.Samples.Demo;

/// <summary>A background that drifts a little, and shapes on it, the later ones in front.</summary>
public sealed class Scene(Texture background, float driftX, float driftY, IReadOnlyList<Shape> shapes, int size)
{
    private const int Channels = 3;

    /// <summary>Textures are cut from their middle: at their borders patterns do not join.</summary>
    private const float Middle = Texture.Size / 2;

    public IReadOnlyList<Shape> Shapes => shapes;

    /// <summary>Draws the scene at a time in seconds.</summary>
    /// <param name="time">Seconds from the start.</param>
    /// <param name="frame">Receives blue, green, red, <c>[size, size, 3]</c>.</param>
    /// <param name="mask">Receives class ids, <c>[size, size]</c>.</param>
    public void Draw(float time, Span<byte> frame, Span<byte> mask)
    {
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                Put(frame, (y * size) + x, background.At(x + (driftX * time), y + (driftY * time)), 1);
            }
        }

        mask.Clear();
        foreach (var shape in shapes)
        {
            DrawShape(shape, time, frame, mask);
        }
    }

    private void DrawShape(Shape shape, float time, Span<byte> frame, Span<byte> mask)
    {
        var (centerX, centerY) = shape.Center(time, size);
        var (sine, cosine) = MathF.SinCos(shape.Angle + (shape.Spin * time));
        float reach = Outline.Reach(shape.Radius);
        int bottom = Math.Min(size, (int)(centerY + reach) + 1);
        int right = Math.Min(size, (int)(centerX + reach) + 1);
        for (int y = Math.Max(0, (int)(centerY - reach)); y < bottom; y++)
        {
            for (int x = Math.Max(0, (int)(centerX - reach)); x < right; x++)
            {
                var (dx, dy) = (x - centerX, y - centerY);
                var (along, across) = ((cosine * dx) + (sine * dy), (cosine * dy) - (sine * dx));
                float cover = 0.5f - Outline.Distance(shape.Kind, along, across, shape.Radius);
                if (cover <= 0)
                {
                    continue;
                }

                Put(frame, (y * size) + x, shape.Texture.At(along + Middle, across + Middle), MathF.Min(cover, 1));
                if (cover > 0.5f)
                {
                    mask[(y * size) + x] = shape.Label;
                }
            }
        }
    }

    private static void Put(Span<byte> frame, int pixel, Rgb color, float cover)
    {
        var target = frame.Slice(pixel * Channels, Channels);
        target[0] = (byte)float.Lerp(target[0], color.Blue, cover);
        target[1] = (byte)float.Lerp(target[1], color.Green, cover);
        target[2] = (byte)float.Lerp(target[2], color.Red, cover);
    }
}
