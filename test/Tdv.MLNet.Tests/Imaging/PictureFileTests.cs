using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using SkiaSharp;
using Tdv.MLNet.Imaging;
using Xunit;

namespace Tdv.MLNet.Tests.Imaging;

public sealed class PictureFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-pictures-").FullName;
    private readonly MLContext _ml = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Stored: 48 × 32 pixels, red in the first row's first block, green in its last, blue in the last row's first, white in
    /// its last. Expected: the colors of the upright picture's corners, row by row (EXIF 2.32, tag 0x0112).
    /// </summary>
    [Theory]
    [InlineData(1, 48, 32, "RGBW")]
    [InlineData(2, 48, 32, "GRWB")]
    [InlineData(3, 48, 32, "WBGR")]
    [InlineData(4, 48, 32, "BWRG")]
    [InlineData(5, 32, 48, "RBGW")]
    [InlineData(6, 32, 48, "BRWG")]
    [InlineData(7, 32, 48, "WGBR")]
    [InlineData(8, 32, 48, "GWRB")]
    public void Pictures_stand_upright(byte orientation, int width, int height, string corners)
    {
        Upright(Jpeg(orientation), width, height, corners);
        string png = Path.Combine(_folder, $"{orientation}.png");
        TurnedPng.Write(png, orientation);
        Upright(png, width, height, corners);
        string late = Path.Combine(_folder, $"{orientation}late.png");
        TurnedPng.Write(late, orientation, atTheEnd: true);
        Upright(late, width, height, corners);
    }

    private void Upright(string path, int width, int height, string corners)
    {
        using var file = PictureFile.Open(path);
        Assert.Equal((width, height), (file.Width, file.Height));
        Assert.Equal(corners == "RGBW", file.IsStoredUpright);
        using var image = file.Decode();
        Assert.Equal((width, height), (image.Width, image.Height));
        Assert.Equal(corners, Corners(image));

        var rows = _ml.Data.LoadFromEnumerable([new Row { Path = Path.GetFileName(path) }]);
        var loaded = _ml.Transforms.LoadPictures("Frame", _folder, "Path").Fit(rows).Transform(rows);
        using var row = loaded.GetColumn<MLImage>("Frame").Single();
        Assert.Equal(corners, Corners(row));
    }

    [Fact]
    public void Frames_of_a_folder_stand_upright_too()
    {
        foreach (int number in (int[])[1, 2, 10])
        {
            File.Copy(
                Jpeg(6),
                Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "frames")).FullName, $"{number}.jpg")
            );
        }

        var rows = _ml.Data.LoadFromVideos(Path.Combine(_folder, "frames"), new VideoOptions { EveryFrame = true });
        foreach (var image in rows.GetColumn<MLImage>("Frame"))
        {
            Assert.Equal((32, 48), (image.Width, image.Height));
            Assert.Equal("BRWG", Corners(image));
            image.Dispose();
        }
    }

    [Fact]
    public void Opacity_is_dropped_and_colors_are_as_stored()
    {
        string path = Path.Combine(_folder, "glass.png");
        using (var mat = new Mat(2, 3, MatType.CV_8UC4, new OpenCvSharp.Scalar(30, 200, 100, 64)))
        {
            mat.SaveImage(path);
        }

        using var image = PictureFile.Read(path);
        Assert.Equal([30, 200, 100, 255], image.Pixels[..4].ToArray());
    }

    [Theory]
    [InlineData(".jpg")]
    [InlineData(".png")]
    public void A_picture_that_was_cut_short_is_named(string ending)
    {
        string path = Path.Combine(_folder, $"cut{ending}");
        using (var mat = new Mat(64, 64, MatType.CV_8UC3))
        {
            Cv2.Randu(mat, new OpenCvSharp.Scalar(0, 0, 0), new OpenCvSharp.Scalar(255, 255, 255));
            mat.SaveImage(path);
        }

        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        var error = Assert.Throws<InvalidDataException>(() => PictureFile.Read(path));
        Assert.Equal(
            $"The picture '{path}' ends too early: the file was cut short. Copy it again, or remove it.",
            error.Message
        );
    }

    [Fact]
    public void What_is_no_picture_is_named()
    {
        string text = Path.Combine(_folder, "text.png");
        File.WriteAllText(text, "not a picture");
        string empty = Path.Combine(_folder, "empty.png");
        File.WriteAllBytes(empty, []);

        Assert.StartsWith(
            $"The picture '{text}' cannot be read: it is damaged or of another kind.",
            Assert.Throws<InvalidDataException>(() => PictureFile.Open(text)).Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            $"The picture '{empty}' is empty, or no plain file.",
            Assert.Throws<InvalidDataException>(() => PictureFile.Open(empty)).Message
        );
        string none = Path.Combine(_folder, "none.png");
        Assert.Equal(
            $"The picture '{none}' does not exist.",
            Assert.Throws<FileNotFoundException>(() => PictureFile.Open(none)).Message
        );
    }

    /// <summary>Sizes that no eighth fits: the picture is cut down to the pixel by the resize alone, and is never enlarged.</summary>
    [Theory]
    [InlineData(60, 80, 60, 80)]
    [InlineData(61, 80, 120, 160)]
    [InlineData(64, 64, 120, 160)]
    [InlineData(480, 640, 480, 640)]
    [InlineData(500, 700, 480, 640)]
    public void Frames_of_folders_are_decoded_at_the_scale_that_is_enough(
        int height,
        int width,
        int decoded,
        int across
    )
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "frames")).FullName;
        var noise = new Random(1);
        for (int i = 0; i < 2; i++)
        {
            using var frame = new OpenCvSharp.Mat(480, 640, OpenCvSharp.MatType.CV_8UC3);
            byte[] bytes = new byte[480 * 640 * 3];
            noise.NextBytes(bytes);
            System.Runtime.InteropServices.Marshal.Copy(bytes, 0, frame.Data, bytes.Length);
            using var smooth = frame.GaussianBlur(new(0, 0), 9);
            OpenCvSharp.Cv2.Normalize(smooth, smooth, 0, 255, OpenCvSharp.NormTypes.MinMax);
            smooth.SaveImage(Path.Combine(folder, $"{i}.jpg"));
        }

        var ml = new Microsoft.ML.MLContext(1);
        var view = ml.Data.LoadFromVideos(
            folder,
            new VideoOptions
            {
                FrameInterval = 0.01,
                FrameHeight = height,
                FrameWidth = width,
            }
        );

        using var read = Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<MLImage>(view, "Frame").Single();
        using var file = PictureFile.Open(Path.Combine(folder, "1.jpg"));
        using var expected = file.Decode((height, width));
        Assert.Equal((decoded, across), (expected.Height, expected.Width));
        var small = new byte[height * width * 4];
        AntialiasedResize.Run(expected.Pixels, expected.Height, expected.Width, 4, small, height, width);
        Assert.Equal((height, width), (read.Height, read.Width));
        Assert.True(read.Pixels.SequenceEqual(small));
        // As the whole picture, but for rounding.
        using var whole = file.Decode();
        var exact = new byte[height * width * 4];
        AntialiasedResize.Run(whole.Pixels, whole.Height, whole.Width, 4, exact, height, width);
        Assert.InRange(small.Zip(exact, (a, b) => Math.Abs(a - b)).Average(), 0, 1.5);
    }

    [Fact]
    public void A_pipe_is_refused_and_not_waited_for()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        string pipe = Path.Combine(_folder, "f2.png");
        using (var make = System.Diagnostics.Process.Start("mkfifo", pipe))
        {
            make.WaitForExit();
        }

        Assert.Equal(
            $"The picture '{pipe}' is empty, or no plain file.",
            Assert.Throws<InvalidDataException>(() => PictureFile.Open(pipe)).Message
        );
    }

    [Theory]
    [InlineData(12, 12, 12, 18)]
    [InlineData(13, 12, 16, 24)]
    [InlineData(32, 48, 32, 48)]
    [InlineData(100, 100, 32, 48)]
    public void A_jpeg_is_decoded_no_smaller_than_wanted(int leastHeight, int leastWidth, int height, int width)
    {
        using var file = PictureFile.Open(Jpeg(1));
        using var image = file.Decode((leastHeight, leastWidth));
        Assert.Equal((height, width), (image.Height, image.Width));
        Assert.Equal("RGBW", Corners(image));
    }

    [Fact]
    public void It_survives_save_and_load()
    {
        var rows = _ml.Data.LoadFromEnumerable([new Row { Path = Path.GetFileName(Jpeg(8)) }]);
        var options = new PictureOptions { LeastHeight = 10, LeastWidth = 10 };
        var model = _ml.Transforms.LoadPictures("Frame", _folder, "Path", options).Fit(rows);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, stream);
        stream.Position = 0;

        var loaded = new MLContext().Model.Load(stream, out _);
        using var image = loaded.Transform(rows).GetColumn<MLImage>("Frame").Single();
        Assert.Equal((18, 12), (image.Height, image.Width));
    }

    [Fact]
    public void All_wrong_arguments_are_named_at_once()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            _ml.Transforms.LoadPictures(" ", null!, "Path", new PictureOptions { LeastHeight = 0 })
        );
        Assert.Equal(
            """
            LoadPictures cannot work with these arguments:
            - outputColumnName is empty.
            - folder is null; an empty string means that paths are used as they are.
            - LeastHeight and LeastWidth belong together; give both or neither.
            - LeastHeight is 0; it must be at least 1.
            """.ReplaceLineEndings(),
            error.Message
        );
    }

    private static string Corners(MLImage image)
    {
        return string.Concat(
            Color(0, 0),
            Color(image.Width - 1, 0),
            Color(0, image.Height - 1),
            Color(image.Width - 1, image.Height - 1)
        );

        char Color(int x, int y)
        {
            var pixel = image.Pixels.Slice(((y * image.Width) + x) * 4, 3);
            return (pixel[2] > 128, pixel[1] > 128, pixel[0] > 128) switch
            {
                (true, false, false) => 'R',
                (false, true, false) => 'G',
                (false, false, true) => 'B',
                (true, true, true) => 'W',
                _ => '?',
            };
        }
    }

    private string Jpeg(byte orientation)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():N}.jpg");
        TurnedJpeg.Write(path, orientation);
        return path;
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
    }
}
