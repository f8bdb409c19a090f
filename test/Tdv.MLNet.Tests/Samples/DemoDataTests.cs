using OpenCvSharp;
using Tdv.Samples.Demo;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Samples;

public class DemoDataTests
{
    private static readonly DemoOptions Small = new()
    {
        TrainClips = 2,
        TestClips = 1,
        LabeledClips = 4,
        TrainFramesPerClip = 2,
        TestFramesPerClip = 1,
        Seconds = 1,
        Size = 96,
    };

    [Fact]
    public void Lists_name_frames_masks_and_predecessors_of_disjoint_clips()
    {
        using var folder = new TemporaryFolder();
        var data = new DemoData(Small, folder.FullName);

        data.Write();

        var train = LabeledList.Read(data.TrainList);
        var test = LabeledList.Read(data.TestList);
        Assert.Equal(4, train.Images.Count);
        Assert.Single(test.Images);
        Assert.True(train.HasPredecessors && test.HasPredecessors);
        Assert.Equal(4, MaskClass.ReadFile(data.Classes).Count);
        Assert.Equal(2, Directory.GetFiles(data.TrainVideos, "*.mp4").Length);
        Assert.All(
            train.Images,
            image => Assert.All(test.Images, other => Assert.NotEqual(Read(image.Path), Read(other.Path)))
        );
    }

    [Fact]
    public void The_same_seed_gives_the_same_pictures_and_another_one_others()
    {
        using var folder = new TemporaryFolder();

        byte[][] Pictures(string name, int seed)
        {
            var data = new DemoData(Small with { Seed = seed }, folder[name]);
            data.Write();
            return
            [
                .. LabeledList.Read(data.TrainList).Images.SelectMany(i => new[] { Read(i.Path), Read(i.MaskPath) }),
            ];
        }

        byte[][] first = Pictures("a", seed: 3);
        Assert.Equal(first, Pictures("b", seed: 3));
        Assert.NotEqual(first, Pictures("c", seed: 4));
    }

    [Fact]
    public void Frames_correspond_to_their_masks_after_decoding()
    {
        using var folder = new TemporaryFolder();
        var data = new DemoData(Small, folder.FullName);
        data.Write();
        var scene = new SceneFactory(seed: 0, Small.Size).Create();
        var image = LabeledList.Read(data.TrainList).Images[0];
        int number = int.Parse(Path.GetFileNameWithoutExtension(image.Path).Split('_')[1]);
        var drawn = new byte[Small.Size * Small.Size * 3];
        var mask = new byte[Small.Size * Small.Size];

        scene.Draw((float)number / Small.FramesPerSecond, drawn, mask);

        Assert.Equal(mask, Read(image.MaskPath));
        double difference = drawn.Zip(Read(image.Path)).Average(pair => Math.Abs(pair.First - pair.Second));
        Assert.InRange(difference, 0.1, 12);
    }

    [Fact]
    public void Twins_look_alike_but_only_the_moving_one_has_a_class()
    {
        var scene = new SceneFactory(seed: 5, Small.Size).Create();

        var still = scene.Shapes.Where(shape => shape.Label == (byte)ShapeKind.Background).ToArray();
        var moving = scene.Shapes.Except(still).ToArray();

        Assert.Equal(2, still.Length);
        Assert.Equal([1, 2, 3], moving.Select(shape => (int)shape.Label).Order());
        Assert.All(
            still,
            twin =>
            {
                var other = Assert.Single(moving, shape => shape.Texture == twin.Texture);
                Assert.Equal((other.Kind, other.Radius), (twin.Kind, twin.Radius));
                Assert.Equal(twin.Center(0, Small.Size), twin.Center(1, Small.Size));
                Assert.NotEqual(other.Center(0, Small.Size), other.Center(0.25f, Small.Size));
            }
        );
    }

    private static byte[] Read(string path)
    {
        using var picture = Cv2.ImRead(path, ImreadModes.Unchanged);
        using var bytes = picture.Reshape(1);
        bytes.GetArray(out byte[] values);
        return values;
    }
}
