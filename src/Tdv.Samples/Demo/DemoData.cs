using OpenCvSharp;

namespace Tdv.Samples.Demo;

/// <summary>
/// The demo's own data: clips as mp4, exact masks of some of their frames as PNG, and the lists that name them. Train
/// and test clips have nothing in common.
/// </summary>
public sealed class DemoData(DemoOptions options, string folder)
{
    private const int TestSeeds = 1 << 20;

    /// <summary>The folder of the training clips.</summary>
    public string TrainVideos => Path.Combine(folder, "videos", "train");

    public string TrainList => Path.Combine(folder, "train.txt");

    public string TestList => Path.Combine(folder, "test.txt");

    public string Classes => Path.Combine(folder, "classes.txt");

    /// <summary>Writes everything.</summary>
    /// <exception cref="IOException">Something cannot be written.</exception>
    public void Write()
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(
            Classes,
            [
                "# id name red green blue",
                "0 Background 60 60 70",
                "1 Disc 230 80 60",
                "2 Square 70 170 240",
                "3 Triangle 250 210 60",
            ]
        );
        WriteSplit("train", TrainList, options.TrainClips, options.LabeledClips, options.TrainFramesPerClip, 0);
        WriteSplit("test", TestList, options.TestClips, options.TestClips, options.TestFramesPerClip, TestSeeds);
    }

    private void WriteSplit(string split, string list, int clips, int labeled, int framesPerClip, int firstSeed)
    {
        foreach (string kind in (string[])["videos", "frames", "masks"])
        {
            Directory.CreateDirectory(Path.Combine(folder, kind, split));
        }

        var lines = new string[clips][];
        Parallel.For(
            0,
            clips,
            clip =>
                lines[clip] = WriteClip(
                    split,
                    clip,
                    clip < labeled ? framesPerClip : 0,
                    unchecked((options.Seed * 7919) + firstSeed + clip)
                )
        );
        File.WriteAllLines(
            list,
            ["# image mask predecessor (a quarter of a second earlier)", .. lines.SelectMany(line => line)]
        );
    }

    private string[] WriteClip(string split, int clip, int framesPerClip, int seed)
    {
        string video = Path.Combine(folder, "videos", split, $"clip{clip:D2}.mp4");
        var writer = new ClipWriter(options);
        byte[][] masks = writer.Film(new SceneFactory(seed, options.Size).Create(), video);
        var frames = writer.Decode(video);
        var lines = new string[framesPerClip];
        for (int i = 0; i < framesPerClip; i++)
        {
            int first = options.PredecessorDistance;
            int frame = first + ((options.FramesPerClip - 1 - first) * ((2 * i) + 1) / (2 * framesPerClip));
            lines[i] = WriteLabeled($"{split}/clip{clip:D2}", frame, frames, masks[frame]);
        }

        foreach (var frame in frames)
        {
            frame.Dispose();
        }

        return lines;
    }

    /// <summary>Both frames bear their numbers, so that they follow one another in the folder, too.</summary>
    /// <returns>The line of the list.</returns>
    private string WriteLabeled(string clip, int number, Mat[] frames, byte[] mask)
    {
        int before = number - options.PredecessorDistance;
        string image = $"frames/{clip}_{number:D3}.png";
        string earlier = $"frames/{clip}_{before:D3}.png";
        string label = $"masks/{clip}_{number:D3}.png";
        using var labels = Mat.FromPixelData(options.Size, options.Size, MatType.CV_8UC1, mask);
        foreach (var (path, picture) in new[] { (image, frames[number]), (earlier, frames[before]), (label, labels) })
        {
            string full = Path.Combine(folder, path);
            if (!Cv2.ImWrite(full, picture))
            {
                throw new IOException($"The picture '{full}' cannot be written.");
            }
        }

        return $"{image} {label} {earlier}";
    }
}
