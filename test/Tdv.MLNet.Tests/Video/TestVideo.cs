using Microsoft.ML.Data;
using OpenCvSharp;

namespace Tdv.MLNet.Tests.Video;

/// <summary>A temporary folder of videos and pictures, each frame of which shows its number as ten black or white blocks.</summary>
internal sealed class TestVideo : IDisposable
{
    public const int Height = 32;
    public const int Width = 80;
    private const int Block = 16;
    private const int Columns = Width / Block;

    public TestVideo() => Tdv.MLNet.Video.FFmpegLoader.EnsureLoaded();

    public string Folder { get; } = Directory.CreateTempSubdirectory("tdv-video-").FullName;

    public string At(string name) => Path.Combine(Folder, name);

    public string Write(string name, double rate, int frames, string codec = "mp4v")
    {
        string path = At(name);
        using var writer = new VideoWriter(
            path,
            VideoCaptureAPIs.FFMPEG,
            VideoWriter.FourCC(codec[0], codec[1], codec[2], codec[3]),
            rate,
            new Size(Width, Height)
        );
        Xunit.Assert.True(writer.IsOpened());
        for (int i = 0; i < frames; i++)
        {
            using Mat frame = Numbered(i);
            writer.Write(frame);
        }
        return path;
    }

    public string WriteFolder(string name, int frames, string prefix = "frame")
    {
        string folder = Directory.CreateDirectory(At(name)).FullName;
        for (int i = 0; i < frames; i++)
        {
            using Mat frame = Numbered(i);
            Cv2.ImWrite(Path.Combine(folder, $"{prefix}{i}.png"), frame);
        }
        return folder;
    }

    public string WriteBytes(string name, params byte[] bytes)
    {
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    /// <summary>The number that an image of a frame shows; disposes of the image.</summary>
    public static int NumberIn(MLImage image)
    {
        using (image)
        {
            int number = 0;
            for (int bit = 0; bit < 2 * Columns; bit++)
            {
                int y = (((2 * (bit / Columns)) + 1) * image.Height / 4);
                int x = ((2 * (bit % Columns)) + 1) * image.Width / (2 * Columns);
                number |= image.Pixels[((y * image.Width) + x) * 4] > 127 ? 1 << bit : 0;
            }
            return number;
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public static Mat Numbered(int number)
    {
        var frame = new Mat(Height, Width, MatType.CV_8UC3, Scalar.Black);
        for (int bit = 0; bit < 2 * Columns; bit++)
        {
            if ((number >> bit & 1) == 1)
            {
                var block = new Rect(bit % Columns * Block, bit / Columns * Block, Block, Block);
                Cv2.Rectangle(frame, block, Scalar.White, thickness: -1);
            }
        }
        return frame;
    }
}
