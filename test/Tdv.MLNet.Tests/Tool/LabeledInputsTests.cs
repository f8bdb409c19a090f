using OpenCvSharp;
using Tdv.MLNet.Tests.Imaging;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>All that lists name is looked at before any work.</summary>
public sealed class LabeledInputsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _classes;

    public LabeledInputsTests()
    {
        _classes = _folder.Write("classes.txt", "0 Rest 0 0 0", "1 \"traffic light\" 255 0 0");
        Picture("a.png", 6, 4);
        Picture("b.png", 6, 4);
        Mask("a-mask.png", 6, 4, 1);
        Mask("small.png", 4, 6, 0);
        Mask("strange.png", 6, 4, 7);
        File.WriteAllText(_folder["text.jpg"], "oops");
        TurnedJpeg.Write(_folder["turned.jpg"], 6);
        Mask("upright.png", 32, 48, 1);
        Mask("stored.png", 48, 32, 1);
        using var jpeg = new Mat(4, 6, MatType.CV_8UC1, new OpenCvSharp.Scalar(0));
        jpeg.SaveImage(_folder["lossy.jpg"]);
        File.Move(_folder["lossy.jpg"], _folder["lossy.png"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_fits_is_taken()
    {
        string train = _folder.Write("train.txt", "a.png a-mask.png", "turned.jpg upright.png");
        string test = _folder.Write("test.txt", "b.png a-mask.png");

        var inputs = LabeledInputs.Read(_classes, train, test);

        Assert.Equal([2, 1], inputs.Lists.Select(list => list.Images.Count));
        Assert.Equal(["Rest", "traffic light"], inputs.Classes.Select(one => one.Name));
        Assert.Empty(LabeledInputs.Shared(inputs.Lists[0], inputs.Lists[1]));
    }

    [Fact]
    public void Every_fault_of_both_lists_is_told_by_line()
    {
        string train = _folder.Write(
            "train.txt",
            "a.png a-mask.png a.png",
            "",
            "text.jpg a-mask.png a.png",
            "a.png small.png text.jpg"
        );
        string test = _folder.Write(
            "test.txt",
            "# head",
            "b.png strange.png",
            "b.png lossy.png",
            "turned.jpg stored.png"
        );

        string message = Assert.Throws<UserException>(() => LabeledInputs.Read(_classes, train, test)).Message;

        string text =
            $"The picture '{_folder["text.jpg"]}' cannot be read: it is damaged or of another kind. Pictures may be PNG, "
            + "JPEG, BMP, GIF or WebP.";
        Assert.Equal(
            [
                $"{train}:3: {text}",
                $"{train}:4: {text}",
                $"{train}:4: The mask '{_folder["small.png"]}' is 4×6 pixels, but its image '{_folder["a.png"]}' is 6×4. A "
                    + "mask must have its image's size. Height and width have changed places: LoadPictures stands a picture "
                    + "upright as its camera noted, and the mask must stand upright too.",
                $"{test}:2: The mask '{_folder["strange.png"]}' holds the value 7 at x=0, y=0, which is no class id; 24 of "
                    + "its 24 pixels hold such values. Known ids: 0, 1. Add the missing classes (marked ignore, if they shall "
                    + "not count) or correct the mask.",
                $"{test}:3: The mask '{_folder["lossy.png"]}' is a JPEG picture, which changes values a little to save room, "
                    + "so that class ids are lost. Save it as an 8-bit gray PNG.",
                $"{test}:4: The mask '{_folder["stored.png"]}' is 48×32 pixels, but its image '{_folder["turned.jpg"]}' is "
                    + "32×48. A mask must have its image's size. Height and width have changed places: LoadPictures stands a "
                    + "picture upright as its camera noted, and the mask must stand upright too.",
            ],
            message.Split(Environment.NewLine)
        );
    }

    [Fact]
    public void A_wrong_class_file_hides_no_fault_of_a_list()
    {
        string train = _folder.Write("train.txt", "text.jpg a-mask.png");
        string test = _folder.Write("test.txt", "none.png a-mask.png");

        string message = Assert
            .Throws<UserException>(() => LabeledInputs.Read(_folder["none.txt"], train, test))
            .Message;

        Assert.Contains($"The class file '{_folder["none.txt"]}' does not exist.", message, StringComparison.Ordinal);
        Assert.Contains($"{test}:1: '{_folder["none.png"]}' does not exist.", message, StringComparison.Ordinal);
        Assert.Contains($"{train}:1: The picture '{_folder["text.jpg"]}'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_that_are_trained_and_tested_on_are_found()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_folder["link.png"], _folder["b.png"]);
        }

        string link = OperatingSystem.IsWindows() ? "b.png" : "link.png";
        string train = _folder.Write("train.txt", "a.png a-mask.png", "b.png a-mask.png");
        string test = _folder.Write("test.txt", "turned.jpg upright.png", $"{link} a-mask.png");

        var lists = LabeledInputs.Read(_classes, train, test).Lists;

        Assert.Equal([_folder[link]], LabeledInputs.Shared(lists[0], lists[1]));
    }

    private void Picture(string name, int width, int height)
    {
        using var mat = new Mat(height, width, MatType.CV_8UC3, new OpenCvSharp.Scalar(1, 2, 3));
        mat.SaveImage(_folder[name]);
    }

    private void Mask(string name, int width, int height, byte value)
    {
        using var mat = new Mat(height, width, MatType.CV_8UC1, new OpenCvSharp.Scalar(value));
        mat.SaveImage(_folder[name]);
    }
}
