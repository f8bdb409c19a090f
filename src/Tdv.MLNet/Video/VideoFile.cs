using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Video;

/// <summary>A video file, decoded by FFmpeg in one sequential pass.</summary>
internal sealed class VideoFile : FrameStream
{
    private const double DefaultRate = 25;

    /// <summary>What is announced beyond is the unit of a container's clock.</summary>
    private const double HighestRate = 1000;

    /// <summary>More than pixels are stretched by any format.</summary>
    private const double LargestAspect = 8;

    /// <summary>OpenCV's CAP_PROP_PTS, which OpenCvSharp has no name for: the frame's own stamp, in frames at the announced rate.</summary>
    private const VideoCaptureProperties Stamp = (VideoCaptureProperties)71;

    private readonly VideoCapture _capture;
    private readonly FrameClock _clock;
    private readonly FileStream? _open;
    private readonly double _announcedRate;

    /// <exception cref="InvalidDataException">The file is missing, empty, damaged or holds no picture track.</exception>
    public VideoFile(string path)
        : base(path)
    {
        if (VideoContents.Fault(path) is { } content)
        {
            throw new InvalidDataException(content);
        }
        (string name, _open) = NativeName(path);
        _capture = new VideoCapture(name, VideoCaptureAPIs.FFMPEG);
        string? fault = _capture.IsOpened()
            ? PictureHeader.Fault(
                path,
                _capture.Get(VideoCaptureProperties.FrameWidth),
                _capture.Get(VideoCaptureProperties.FrameHeight)
            )
            : Unreadable(path);
        if (fault is not null)
        {
            Dispose();
            throw new InvalidDataException(fault);
        }
        double announced = _capture.Get(VideoCaptureProperties.Fps);
        double rate = announced > 0 && double.IsFinite(announced) ? announced : DefaultRate;
        _announcedRate = rate;
        Rate = rate <= HighestRate ? rate : DefaultRate;
        AnnouncedDuration = Math.Max(0, _capture.Get(VideoCaptureProperties.FrameCount)) / rate;
        PixelAspect = Aspect();
        _clock = new FrameClock(Rate);
    }

    public override string FrameName => FormattableString.Invariant($"{Shown.Name(Path)} at {Time:0.###} s");

    public override bool Retrieve(Mat frame) => Succeeds(() => _capture.Retrieve(frame) && !frame.Empty());

    public override void Dispose()
    {
        _capture.Dispose();
        _open?.Dispose();
    }

    /// <summary>The codec's four letters, or null.</summary>
    public override string? Codec => VideoCodec.Find(Path) ?? Letters((int)_capture.Get(VideoCaptureProperties.FourCC));

    /// <summary>What the container counts beyond what is shown (frames that an edit list hides) is not missing.</summary>
    public override double? ShownDuration => VideoTrack.Find(Path)?.Seconds;

    protected override bool GrabNext()
    {
        if (!Succeeds(_capture.Grab))
        {
            return false;
        }
        if (Grabbed == 0)
        {
            Start = Math.Max(0, _capture.Get(Stamp) / _announcedRate);
        }
        double before = _clock.Time;
        _clock.Advance(_capture.Get(VideoCaptureProperties.PosMsec) / 1000);
        Time = _clock.Time;
        LeftOut = _clock.LeftOut;
        if (_clock.Jump != 0)
        {
            Jump ??= (before, _clock.Jump);
        }
        return true;
    }

    /// <summary>
    /// A full path, in which FFmpeg sees no protocol and no option. It still takes a percent sign for the number of a
    /// picture: where the system names open files, that name is given instead.
    /// </summary>
    private static (string Name, FileStream? Open) NativeName(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (!OperatingSystem.IsLinux() || !full.Contains('%', StringComparison.Ordinal))
        {
            return (full, null);
        }
        FileStream open = File.OpenRead(full);
        return (FormattableString.Invariant($"/proc/self/fd/{open.SafeFileHandle.DangerousGetHandle()}"), open);
    }

    /// <summary>Width to height of a pixel as it is shown.</summary>
    private double Aspect()
    {
        double aspect = _capture.Get(VideoCaptureProperties.SARNum) / _capture.Get(VideoCaptureProperties.SARDen);
        if (!(aspect is >= 1 / LargestAspect and <= LargestAspect))
        {
            return 1;
        }
        // Frames are stood upright; the aspect is that of the stored ones.
        bool turned = (int)_capture.Get(VideoCaptureProperties.OrientationMeta) % 180 != 0;
        return turned ? 1 / aspect : aspect;
    }

    private static string Unreadable(string path) =>
        VideoCodec.Find(path) is { } codec
            ? $"{Shown.Name(path)} is coded as '{codec}', which FFmpeg as it is built here cannot decode, or it is damaged. "
                + Conversion(path)
            : $"{Shown.Name(path)} holds no video that FFmpeg can read: it is damaged, or has no picture track.";

    private static string? Letters(int code)
    {
        char[] letters = [.. Enumerable.Range(0, 4).Select(i => (char)((code >> (8 * i)) & 0xFF))];
        return letters.All(letter => letter is >= ' ' and <= '~') ? new string(letters).Trim() : null;
    }

    private static bool Succeeds(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (OpenCVException)
        {
            return false;
        }
    }
}
