using OpenCvSharp;

namespace Tdv.MLNet.Video;

/// <summary>The frames of a stream that rows to come still need, and the latest two as they left the decoder.</summary>
internal sealed class FrameWindow(FrameStream stream, VideoOptions options, PassLog log) : IDisposable
{
    private readonly Dictionary<long, SampledFrame> _kept = [];
    private Mat _last = new();
    private Mat _current = new();
    private bool _lastUsable;
    private bool _currentUsable;

    /// <summary>Takes over the frame that the stream has just grabbed.</summary>
    public void Advance(FrameUse use)
    {
        (_last, _current) = (_current, _last);
        _lastUsable = _currentUsable;
        _currentUsable = use.Retrieve && Retrieve();
        if (use.KeepLast && _lastUsable)
        {
            Keep(stream.Grabbed - 2, _last);
        }
        if (use.Keep && _currentUsable)
        {
            Keep(stream.Grabbed - 1, _current);
        }
    }

    /// <summary>The frame, or null if it could not be decoded.</summary>
    public SampledFrame? Find(long frame) => _kept.GetValueOrDefault(frame);

    public void ForgetBefore(long frame)
    {
        foreach (long old in _kept.Keys.Where(k => k < frame).ToList())
        {
            _kept.Remove(old);
        }
    }

    public void Dispose()
    {
        _last.Dispose();
        _current.Dispose();
    }

    private void Keep(long number, Mat frame)
    {
        if (!_kept.ContainsKey(number))
        {
            _kept.Add(number, new SampledFrame(frame, options.FrameHeight, options.FrameWidth));
        }
    }

    private bool Retrieve()
    {
        if (stream.Retrieve(_current))
        {
            return true;
        }
        log.Warn($"{stream.FrameName} cannot be decoded; rows that need this frame are left out.");
        return false;
    }
}
