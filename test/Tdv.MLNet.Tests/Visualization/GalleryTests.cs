using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet.Visualization;
using Xunit;

namespace Tdv.MLNet.Tests.Visualization;

[Collection("console")]
public class GalleryTests
{
    [Fact]
    public void Pictures_stand_side_by_side_in_their_colors_equally_high()
    {
        using var row = SKBitmap.Decode(RedAndBlue().ToPng());

        // A square and a picture twice as wide, 240 pixels high, 6 pixels apart, with a line of captions above.
        Assert.Equal((240 + 6 + 480, 240 + 24), (row.Width, row.Height));
        Assert.Equal(new SKColor(255, 0, 0), row.GetPixel(120, 144));
        Assert.Equal(new SKColor(0, 0, 255), row.GetPixel(500, 144));
    }

    [Fact]
    public void Html_holds_pictures_and_escaped_captions()
    {
        string html = RedAndBlue().ToHtml();

        string[] sources = html.Split("data:image/png;base64,")[1..];
        Assert.Equal(2, sources.Length);
        using var first = SKBitmap.Decode(Convert.FromBase64String(sources[0].Split('"')[0]));
        Assert.Equal(new SKColor(255, 0, 0), first.GetPixel(0, 0));
        Assert.Contains("<figcaption>wide &amp; blue</figcaption>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pictures.png")]
    [InlineData("pictures.html")]
    public void Without_a_notebook_a_file_is_written(string name)
    {
        using var folder = new TemporaryFolder();
        var gallery = RedAndBlue();

        gallery.Show(folder[name]);

        byte[] expected = name.EndsWith(".png", StringComparison.Ordinal)
            ? gallery.ToPng()
            : System.Text.Encoding.UTF8.GetBytes(gallery.ToHtml());
        Assert.Equal(expected, File.ReadAllBytes(folder[name]));
    }

    [Fact]
    public void A_notebook_kernel_is_given_the_gallery()
    {
        var gallery = RedAndBlue();

        Assert.True(NotebookKernel.TryDisplay(typeof(FakeKernel), gallery));

        Assert.Same(gallery, Assert.Single(FakeKernel.Shown));
        Assert.False(NotebookKernel.TryDisplay(typeof(object), gallery));
        Assert.Null(NotebookKernel.Current);
    }

    /// <summary>As .NET Interactive does it: by the names of the attribute and of the members.</summary>
    [Fact]
    public void A_notebook_finds_the_formatter_by_convention()
    {
        var gallery = RedAndBlue();
        object attribute = Assert.Single(
            typeof(Gallery).GetCustomAttributes(inherit: false),
            found => found.GetType().Name == "TypeFormatterSourceAttribute"
        );
        var source = (Type)attribute.GetType().GetProperty("FormatterSourceType")!.GetValue(attribute)!;
        var formatters =
            (IEnumerable<object>)
                source.GetMethod("CreateTypeFormatters")!.Invoke(Activator.CreateInstance(source), [])!;
        object formatter = Assert.Single(formatters);
        var format = formatter.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!;
        using var writer = new StringWriter();

        Assert.Equal("text/html", formatter.GetType().GetProperty("MimeType")!.GetValue(formatter));
        Assert.Equal(true, format.Invoke(formatter, [gallery, writer]));
        Assert.Equal(gallery.ToHtml(), writer.ToString());
        Assert.Equal(false, format.Invoke(formatter, ["something else", writer]));
    }

    [Fact]
    public void Faults_are_told()
    {
        Assert.Equal(
            "The gallery has no picture; add one.",
            Assert.Throws<InvalidOperationException>(() => new Gallery().ToPng()).Message
        );
        Assert.StartsWith(
            "'a.jpg' is neither .png nor .html.",
            Assert.Throws<ArgumentException>(() => RedAndBlue().Show("a.jpg")).Message,
            StringComparison.Ordinal
        );
    }

    private static Gallery RedAndBlue()
    {
        using var red = Plain(8, 8, MLPixelFormat.Rgba32);
        using var blue = Plain(16, 8, MLPixelFormat.Bgra32);
        return new Gallery { { "red", red }, { "wide & blue", blue } };
    }

    /// <summary>The first of the four bytes of each pixel is full: red or blue.</summary>
    private static MLImage Plain(int width, int height, MLPixelFormat format)
    {
        byte[] pixels = new byte[width * height * 4];
        for (int i = 0; i < pixels.Length; i += 4)
        {
            (pixels[i], pixels[i + 3]) = (byte.MaxValue, byte.MaxValue);
        }

        return MLImage.CreateFromPixels(width, height, format, pixels);
    }
}
