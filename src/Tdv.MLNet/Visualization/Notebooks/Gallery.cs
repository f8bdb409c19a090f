using System.Collections;
using System.Globalization;
using System.Net;
using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Visualization;

namespace Tdv.MLNet;

/// <summary>
/// Pictures with captions, side by side: frames, and what <see cref="MaskOverlay"/>, <see cref="FeatureColors"/> and
/// <see cref="HeatMap"/> paint. In a C# notebook a gallery shows itself; elsewhere it is saved as PNG or HTML.
/// </summary>
/// <remarks>The pictures are copied when they are added: they stay the caller's to dispose of.</remarks>
[TypeFormatterSource(typeof(GalleryFormatter), PreferredMimeTypes = ["text/html"])]
public sealed class Gallery : IEnumerable<string>
{
    /// <summary>Smaller pictures are enlarged to be looked at, larger ones shrunk.</summary>
    private const int Height = 240;
    private const int TitleHeight = 24;
    private const int Gap = 6;
    private readonly List<(string Caption, byte[] Png)> _pictures = [];

    /// <summary>Adds a picture to the right of the others.</summary>
    /// <param name="caption">A few words.</param>
    /// <param name="image">The picture.</param>
    /// <exception cref="ArgumentNullException">Something is null.</exception>
    public void Add(string caption, MLImage image)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentNullException.ThrowIfNull(image);
        var color = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        using var pixels = SKImage.FromPixelCopy(
            new SKImageInfo(image.Width, image.Height, color, SKAlphaType.Opaque),
            image.Pixels
        );
        _pictures.Add((caption, Encode(pixels)));
    }

    /// <summary>All pictures in a row, equally high, their captions above them.</summary>
    /// <returns>The bytes of a PNG file.</returns>
    /// <exception cref="InvalidOperationException">There is no picture.</exception>
    public byte[] ToPng()
    {
        RequirePictures();
        SKBitmap[] pictures = [.. _pictures.Select(picture => SKBitmap.Decode(picture.Png))];
        int[] widths = [.. pictures.Select(picture => Math.Max(1, picture.Width * Height / picture.Height))];
        using var surface = SKSurface.Create(
            new SKImageInfo(widths.Sum(width => width + Gap) - Gap, Height + TitleHeight)
        );
        using var brush = new SKPaint { FilterQuality = SKFilterQuality.High };
        using var pen = Lettering.Pen(Lettering.Ink);
        surface.Canvas.Clear(Lettering.Paper);
        int left = 0;
        for (int i = 0; i < pictures.Length; left += widths[i++] + Gap)
        {
            surface.Canvas.DrawBitmap(pictures[i], SKRect.Create(left, TitleHeight, widths[i], Height), brush);
            surface.Canvas.DrawText(_pictures[i].Caption, left + Gap, (TitleHeight / 2f) + Lettering.Drop, pen);
            pictures[i].Dispose();
        }

        using var row = surface.Snapshot();
        return Encode(row);
    }

    /// <summary>All pictures as HTML that needs no other file.</summary>
    /// <exception cref="InvalidOperationException">There is no picture.</exception>
    public string ToHtml()
    {
        RequirePictures();
        var figures = _pictures.Select(picture =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"<figure style=\"margin:0\"><img height=\"{Height}\" src=\"data:image/png;base64,{Convert.ToBase64String(picture.Png)}\"><figcaption>{WebUtility.HtmlEncode(picture.Caption)}</figcaption></figure>"
            )
        );
        return $"<div style=\"display:flex;flex-wrap:wrap;gap:{Gap}px\">{string.Concat(figures)}</div>";
    }

    /// <summary>Shows the pictures in a C# notebook; elsewhere saves them and says so on the console.</summary>
    /// <param name="path">The file, <c>.png</c> or <c>.html</c>, that is written, whole or not at all, where there is no notebook.</param>
    /// <exception cref="ArgumentException">The name ends in something else.</exception>
    /// <exception cref="InvalidOperationException">There is no picture.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Show(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        bool isHtml = Path.GetExtension(path).Equals(".html", StringComparison.OrdinalIgnoreCase);
        if (!isHtml && !Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"'{path}' is neither .png nor .html.", nameof(path));
        }

        RequirePictures();
        if (!NotebookKernel.TryDisplay(NotebookKernel.Current, this))
        {
            byte[] bytes = isHtml ? System.Text.Encoding.UTF8.GetBytes(ToHtml()) : ToPng();
            AtomicFile.Write(path, stream => stream.Write(bytes));
            Console.WriteLine($"saved {path}");
        }
    }

    /// <summary>The captions, from left to right.</summary>
    public override string ToString() => string.Join(", ", this);

    /// <summary>The captions, from left to right.</summary>
    public IEnumerator<string> GetEnumerator() => _pictures.Select(picture => picture.Caption).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void RequirePictures()
    {
        if (_pictures.Count == 0)
        {
            throw new InvalidOperationException("The gallery has no picture; add one.");
        }
    }

    private static byte[] Encode(SKImage image)
    {
        using var data = image.Encode(SKEncodedImageFormat.Png, quality: 100);
        return data.ToArray();
    }
}
