using Tdv.MLNet.Tests.Imaging;
using Tdv.Tool.Motion;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class MatchingPairsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Pairs_are_found_by_the_names_of_three_data_sets()
    {
        Touch("b/Venus/frame10.png", "b/Venus/frame11.png", "b/Venus/flow10.flo", "kitti/frame1.png");
        Touch(
            "kitti/frame2.png",
            "kitti/flow_gt.png",
            "a/7_img1.png",
            "a/7_img2.png",
            "a/7_flow.flo.gz",
            "a/notes.txt"
        );

        Assert.Equal(
            [
                new("7", At("a/7_img1.png"), At("a/7_img2.png"), At("a/7_flow.flo.gz")),
                new("Venus", At("b/Venus/frame10.png"), At("b/Venus/frame11.png"), At("b/Venus/flow10.flo")),
                new FlowPair("kitti", At("kitti/frame1.png"), At("kitti/frame2.png"), At("kitti/flow_gt.png")),
            ],
            FlowPairs.Find(_folder.FullName)
        );
    }

    [Fact]
    public void Missing_files_are_all_named()
    {
        Touch("Venus/frame10.png", "Venus/frame11.png", "7_img1.png");
        var error = Assert.Throws<UserException>(() => FlowPairs.Find(_folder.FullName));

        Assert.Equal(
            $"'{At("7_img1.png")}' has no second frame '7_img2.png' beside it.\n"
                + $"'{At("Venus/frame10.png")}' has no true flow beside it: flow10.flo or flow10.flo.gz.",
            error.Message
        );
    }

    [Fact]
    public void A_divisor_with_a_comma_is_no_number()
    {
        Touch("a/left.png", "a/right.png", "a/disp_left.png");
        string list = _folder.Write("disparity_scale.txt", "a disp_left.png 4,5");

        Assert.Equal(
            $"'{list}', line 1: 'name file divisor' is expected, but it is 'a disp_left.png 4,5'.",
            Assert.Throws<UserException>(() => StereoPairs.Find(_folder.FullName)).Message
        );
    }

    [Fact]
    public void Pixmaps_are_named_as_what_is_not_read()
    {
        Touch("7_img1.ppm", "7_img2.ppm", "7_flow.flo");

        Assert.Equal(
            $"'{At("7_img1.ppm")}' is of a kind that is not read. Convert it to PNG.",
            Assert.Throws<UserException>(() => FlowPairs.Find(_folder.FullName)).Message
        );
    }

    /// <summary>As all pictures are read: two decoders once disagreed about a picture's size.</summary>
    [Fact]
    public void Pictures_that_are_compared_stand_upright()
    {
        TurnedJpeg.Write(At("6.jpg"), 6);
        TurnedJpeg.Write(At("8.jpg"), 8);
        TurnedJpeg.Write(At("1.jpg"), 1);

        Assert.Equal((48, 32), PicturePair.SizeOf(At("6.jpg"), At("8.jpg")));
        Assert.Equal(
            $"'{At("6.jpg")}' is 32 × 48 pixels, '{At("1.jpg")}' 48 × 32. Pictures that are compared must be of one size.",
            Assert.Throws<UserException>(() => PicturePair.SizeOf(At("6.jpg"), At("1.jpg"))).Message
        );
        using var picture = Tdv.Tool.Painting.Pictures.Read(At("6.jpg"));
        // Stored red in the first row's first block: the last of the first row when it stands upright; blue is first.
        Assert.Equal(new OpenCvSharp.Vec3b(255, 0, 0), Near(picture.At<OpenCvSharp.Vec3b>(4, 4)));
        Assert.Equal(new OpenCvSharp.Vec3b(0, 0, 255), Near(picture.At<OpenCvSharp.Vec3b>(4, 28)));

        static OpenCvSharp.Vec3b Near(OpenCvSharp.Vec3b color) =>
            new(
                (byte)(color.Item0 > 127 ? 255 : 0),
                (byte)(color.Item1 > 127 ? 255 : 0),
                (byte)(color.Item2 > 127 ? 255 : 0)
            );
    }

    [Fact]
    public void Stereo_pairs_have_the_divisors_of_a_list()
    {
        Touch("a/left.png", "a/right.png", "a/disp_left.png", "b/left.png", "b/right.png", "b/disp_left.pfm");
        _folder.Write("disparity_scale.txt", "# name file divisor invalid", "a disp_left.png 4 0");

        Assert.Equal(
            [
                new("a", At("a/left.png"), At("a/right.png"), At("a/disp_left.png"), 4),
                new StereoPair("b", At("b/left.png"), At("b/right.png"), At("b/disp_left.pfm"), null),
            ],
            StereoPairs.Find(_folder.FullName)
        );

        _folder.Write("disparity_scale.txt", "a disp_left.png zero");
        Assert.Equal(
            $"'{At("disparity_scale.txt")}', line 1: 'name file divisor' is expected, but it is 'a disp_left.png zero'.",
            Assert.Throws<UserException>(() => StereoPairs.Find(_folder.FullName)).Message
        );
    }

    private string At(string name) => _folder[name.Replace('/', Path.DirectorySeparatorChar)];

    private void Touch(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
            File.WriteAllBytes(At(name), []);
        }
    }

    public void Dispose() => _folder.Dispose();
}
