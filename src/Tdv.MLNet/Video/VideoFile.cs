using OpenCvSharp;
using Tdv.MLNet.Imaging;

namespace Tdv.MLNet.Video;

/// <summary>A video file, decoded by FFmpeg in one sequential pass.</summary>
internal sealed class VideoFile : FrameStream
{
    private const double DefaultRate = 25;

    private readonly VideoCapture _capture;

    /// <exception cref="InvalidDataException">The file is missing, empty, damaged or holds no picture track.</exception>
    public VideoFile(string path)
        : base(path)
    {
        var file = new FileInfo(path);
        if (!file.Exists || file.Length == 0)
        {
            throw new InvalidDataException($"'{path}' {(file.Exists ? "is empty" : "does not exist")}.");
        }
        _capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
        string? fault = _capture.IsOpened()
            ? PictureHeader.Fault(
                path,
                _capture.Get(VideoCaptureProperties.FrameWidth),
                _capture.Get(VideoCaptureProperties.FrameHeight)
            )
            : $"'{path}' holds no video that FFmpeg can read: it is damaged, or has no picture track.";
        if (fault is not null)
        {
            _capture.Dispose();
            throw new InvalidDataException(fault);
        }
        double rate = _capture.Get(VideoCaptureProperties.Fps);
        Rate = rate > 0 && double.IsFinite(rate) ? rate : DefaultRate;
        AnnouncedDuration = Math.Max(0, _capture.Get(VideoCaptureProperties.FrameCount)) / Rate;
    }

    public override bool Retrieve(Mat frame) => Succeeds(() => _capture.Retrieve(frame) && !frame.Empty());

    public override void Dispose() => _capture.Dispose();

    protected override bool GrabNext()
    {
        if (!Succeeds(_capture.Grab))
        {
            return false;
        }
        double time = _capture.Get(VideoCaptureProperties.PosMsec) / 1000;
        // Streams without time stamps, and stamps that stand still or run backwards: the announced rate goes on.
        bool usable = Grabbed == 0 ? double.IsFinite(time) : time > Time;
        Time = usable ? time : Time + (1 / Rate);
        return true;
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
