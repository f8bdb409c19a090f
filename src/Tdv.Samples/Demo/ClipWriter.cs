using OpenCvSharp;

namespace Tdv.Samples.Demo;

/// <summary>Films a scene into an mp4 file and takes labeled frames out of it again.</summary>
public sealed class ClipWriter(DemoOptions options)
{
    /// <summary>Draws what is before the camera at a time in seconds; see <see cref="Scene.Draw"/>.</summary>
    public delegate void Drawing(float time, Span<byte> frame, Span<byte> mask);

    /// <summary>Writes the video and returns the exact masks of all frames, <c>[size, size]</c> each.</summary>
    /// <exception cref="IOException">The video cannot be written.</exception>
    public byte[][] Film(Scene scene, string path) => Film(scene.Draw, path);

    /// <summary>As <see cref="Film(Scene, string)"/>, of whatever is drawn.</summary>
    public byte[][] Film(Drawing draw, string path)
    {
        int size = options.Size;
        using var writer = new VideoWriter(
            path,
            FourCC.FromString("mp4v"),
            options.FramesPerSecond,
            new Size(size, size)
        );
        if (!writer.IsOpened())
        {
            throw new IOException($"The video '{path}' cannot be written. Check that its folder can be written to.");
        }

        var masks = new byte[options.FramesPerClip][];
        var pixels = new byte[size * size * 3];
        for (int i = 0; i < masks.Length; i++)
        {
            masks[i] = new byte[size * size];
            draw((float)i / options.FramesPerSecond, pixels, masks[i]);
            using var frame = Mat.FromPixelData(size, size, MatType.CV_8UC3, pixels);
            writer.Write(frame);
        }

        return masks;
    }

    /// <summary>The frames as a reader of the video gets them, which is not quite as they were drawn.</summary>
    public Mat[] Decode(string path)
    {
        using var reader = new VideoCapture(path);
        var frames = new List<Mat>();
        for (var frame = new Mat(); reader.Read(frame); frame = new Mat())
        {
            frames.Add(frame);
        }

        return frames.Count == options.FramesPerClip
            ? [.. frames]
            : throw new IOException(
                $"The video '{path}' was written with {options.FramesPerClip} frames, but {frames.Count} can be read. "
                    + "Check the disk."
            );
    }
}
