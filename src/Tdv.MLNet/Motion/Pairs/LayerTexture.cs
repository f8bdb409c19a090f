using System.Numerics;
using OpenCvSharp;

namespace Tdv.MLNet.Motion;

/// <summary>
/// A picture laid over the plane of the first frame, turned and shifted, so that both frames sample it between its pixels
/// and neither is sharper than the other. Beyond its borders it is mirrored.
/// </summary>
internal sealed class LayerTexture : IDisposable
{
    private const float MostTurn = 0.26f;

    /// <summary>Pixels of the picture for each sample, at most: more would alias.</summary>
    private const float Finest = 1;
    private readonly Vector2 _alongX;
    private readonly Vector2 _alongY;
    private readonly Vector2 _origin;

    /// <param name="random">Of what is random.</param>
    /// <param name="picture">8-bit BGR; not kept.</param>
    /// <param name="height">Of the frame, in pixels.</param>
    /// <param name="width">As <paramref name="height"/>.</param>
    /// <param name="samples">Along each side of a pixel.</param>
    public LayerTexture(Random random, Mat picture, int height, int width, int samples)
    {
        float whole = Math.Min((float)picture.Rows / height, (float)picture.Cols / width);
        // Not enlarged where the picture has pixels enough.
        float scale = whole * Math.Max(0.4f + (0.6f * random.NextSingle()), Math.Min(1, 1 / whole));
        float shrink = Math.Min(1, Finest * samples / scale);
        Picture = shrink < 1 ? picture.Resize(default, shrink, shrink, InterpolationFlags.Area) : picture.Clone();
        scale *= shrink;
        var (sine, cosine) = MathF.SinCos(MostTurn * ((2 * random.NextSingle()) - 1));
        float flip = random.Next(2) == 0 ? 1 : -1;
        _alongX = new Vector2(cosine * flip, sine) * scale;
        _alongY = new Vector2(-sine * flip, cosine) * scale;
        var spare = new Vector2(
            Math.Max(0, Picture.Cols - (scale * width)),
            Math.Max(0, Picture.Rows - (scale * height))
        );
        var middle =
            new Vector2(Picture.Cols / 2f, Picture.Rows / 2f)
            + (spare * new Vector2(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f));
        _origin = middle - (_alongX * (width / 2f)) - (_alongY * (height / 2f));
    }

    public Mat Picture { get; }

    /// <summary>The place in the picture of a point of the first frame.</summary>
    public Vector2 At(Vector2 point) => _origin + (_alongX * point.X) + (_alongY * point.Y);

    public void Dispose() => Picture.Dispose();
}
