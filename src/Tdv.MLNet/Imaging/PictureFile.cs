using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Imaging;

/// <summary>
/// The one reader of pictures: upright whatever the camera noted, opacity dropped and colors as they are stored, never
/// more pixels than <see cref="PictureHeader.MaxPixels"/>, whole or refused, and every error with the file's name.
/// </summary>
internal sealed class PictureFile : IDisposable
{
    private const int BytesPerPixel = 4;
    private readonly string _path;
    private readonly SKCodec _codec;
    private readonly SKEncodedOrigin _origin;

    private PictureFile(string path, SKCodec codec)
    {
        _path = path;
        _codec = codec;
        _origin = PictureOrientation.Of(codec, () => File.OpenRead(path));
    }

    /// <summary>Of the upright picture.</summary>
    public int Height => Turned ? _codec.Info.Width : _codec.Info.Height;

    /// <summary>Of the upright picture.</summary>
    public int Width => Turned ? _codec.Info.Height : _codec.Info.Width;

    /// <summary>Whether the pixels are stored otherwise than people see them.</summary>
    public bool IsStoredUpright => _origin == SKEncodedOrigin.Default;

    private bool Turned => PictureOrientation.Turns(_origin);

    /// <summary>Whether the pixels are stored in so many rows and columns.</summary>
    public bool IsStoredAs(int height, int width) => _codec.Info.Height == height && _codec.Info.Width == width;

    /// <summary>Reads a picture's header.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no picture that can be read, or claims too many pixels.</exception>
    public static PictureFile Open(string path)
    {
        PlainFile.Require(path, "The picture");
        var codec =
            SKCodec.Create(path)
            ?? throw new InvalidDataException(
                $"The picture '{path}' cannot be read: it is damaged or of another kind. Pictures may be PNG, JPEG, BMP, "
                    + "GIF or WebP."
            );
        if (PictureHeader.Fault(path, codec.Info.Width, codec.Info.Height) is { } fault)
        {
            codec.Dispose();
            throw new InvalidDataException($"The picture {fault}");
        }

        return new PictureFile(path, codec);
    }

    /// <summary>Reads a whole picture.</summary>
    /// <inheritdoc cref="Open"/>
    public static MLImage Read(string path)
    {
        using var file = Open(path);
        return file.Decode();
    }

    /// <summary>Decodes the picture; the caller disposes of it.</summary>
    /// <param name="least">
    /// Height and width of the upright picture that are enough: where the format can be decoded at a smaller scale, the
    /// smallest is taken that is no smaller than that. Null: its own size.
    /// </param>
    /// <exception cref="InvalidDataException">It is cut short or damaged.</exception>
    public MLImage Decode((int Height, int Width)? least = null)
    {
        var size = least is { } enough ? Scaled(enough) : _codec.Info.Size;
        var pixels = new byte[size.Width * size.Height * BytesPerPixel];
        var format = new SKImageInfo(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Unpremul);
        var pinned = GCHandle.Alloc(pixels, GCHandleType.Pinned);
        SKCodecResult result;
        try
        {
            result = _codec.GetPixels(format, pinned.AddrOfPinnedObject());
        }
        finally
        {
            pinned.Free();
        }

        if (result != SKCodecResult.Success)
        {
            throw new InvalidDataException(
                result == SKCodecResult.IncompleteInput
                    ? $"The picture '{_path}' ends too early: the file was cut short. Copy it again, or remove it."
                    : $"The picture '{_path}' cannot be read: it is damaged ({result})."
            );
        }

        for (int alpha = BytesPerPixel - 1; alpha < pixels.Length; alpha += BytesPerPixel)
        {
            pixels[alpha] = byte.MaxValue;
        }

        pixels = PictureOrientation.Upright(pixels, size.Height, size.Width, _origin);
        var (height, width) = Turned ? (size.Width, size.Height) : (size.Height, size.Width);
        var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
        image.Tag = _path;
        UprightImages.Add(image);
        return image;
    }

    public void Dispose() => _codec.Dispose();

    private SKSizeI Scaled((int Height, int Width) least)
    {
        float scale = Math.Max((float)least.Height / Height, (float)least.Width / Width);
        if (scale >= 1)
        {
            return _codec.Info.Size;
        }

        var (height, width) = Turned ? (least.Width, least.Height) : (least.Height, least.Width);
        // The format's own scales are few, and the nearest one may be too small.
        for (float wish = scale; wish < 1; wish += 0.125f)
        {
            var size = _codec.GetScaledDimensions(wish);
            if (size.Height >= height && size.Width >= width)
            {
                return size;
            }
        }

        return _codec.Info.Size;
    }
}
