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
        string path = Jpeg(orientation);
        using var file = PictureFile.Open(path);
        Assert.Equal((width, height), (file.Width, file.Height));
        Assert.Equal(orientation == 1, file.IsStoredUpright);
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
