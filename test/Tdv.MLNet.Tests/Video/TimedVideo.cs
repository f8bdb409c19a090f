using System.Buffers.Binary;
using System.Text;
using OpenCvSharp;

namespace Tdv.MLNet.Tests.Video;

/// <summary>Matroska files with any time stamps and any codec's name: OpenCV's writer knows one rate and no gaps.</summary>
internal static class TimedVideo
{
    /// <summary>Writes frames that show their numbers from 0, as motion JPEG, at times in seconds.</summary>
    /// <param name="announced">Seconds at which the file says that it ends; null: it does not say.</param>
    public static string Write(
        string path,
        IEnumerable<double> times,
        string codec = "V_MJPEG",
        double? announced = null
    )
    {
        byte[][] clusters = [.. times.Select((time, number) => Cluster(time, Jpeg(number)))];
        byte[] header = Element(
            0x1A45DFA3,
            Number(0x4286, 1),
            Number(0x42F7, 1),
            Number(0x42F2, 4),
            Number(0x42F3, 8),
            Element(0x4282, "matroska"u8.ToArray()),
            Number(0x4287, 4),
            Number(0x4285, 2)
        );
        byte[] info = Element(
            0x1549A966,
            Number(0x2AD7B1, 1_000_000),
            announced is { } end ? Float(0x4489, 1000 * end) : [],
            Element(0x4D80, "test"u8.ToArray()),
            Element(0x5741, "test"u8.ToArray())
        );
        byte[] track = Element(
            0xAE,
            Number(0xD7, 1),
            Number(0x73C5, 1),
            Number(0x83, 1),
            Element(0x86, Encoding.ASCII.GetBytes(codec)),
            Element(0xE0, Number(0xB0, TestVideo.Width), Number(0xBA, TestVideo.Height))
        );
        byte[] segment = Element(0x18538067, [info, Element(0x1654AE6B, track), .. clusters]);
        File.WriteAllBytes(path, [.. header, .. segment]);
        return path;
    }

    private static byte[] Cluster(double time, byte[] frame) =>
        Element(
            0x1F43B675,
            Number(0xE7, (long)Math.Round(time * 1000)),
            // Track 1, no distance from the cluster's time, a key frame.
            Element(0xA3, [0x81, 0, 0, 0x80, .. frame])
        );

    private static byte[] Jpeg(int number)
    {
        using Mat frame = TestVideo.Numbered(number);
        return frame.ImEncode(".jpg");
    }

    private static byte[] Number(uint id, long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return Element(id, bytes);
    }

    private static byte[] Float(uint id, double value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        return Element(id, bytes);
    }

    private static byte[] Element(uint id, params byte[][] children)
    {
        byte[] content = [.. children.SelectMany(child => child)];
        var size = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(size, content.LongLength | (1L << 56));
        byte[] name = [.. BitConverter.GetBytes(id).Reverse().SkipWhile(part => part == 0)];
        return [.. name, .. size, .. content];
    }
}
