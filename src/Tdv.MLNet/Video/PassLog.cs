using System.Collections.Concurrent;
using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Video;

/// <summary>The warnings of one pass over the videos, and the error if nothing could be read.</summary>
/// <param name="channel">Where warnings go.</param>
/// <param name="said">Warnings of earlier passes, which are not repeated.</param>
/// <param name="videoCount">How many videos the pass covers.</param>
internal sealed class PassLog(IChannel channel, ConcurrentDictionary<string, bool> said, int videoCount) : IDisposable
{
    private const int MostListed = 10;

    private readonly List<string> _skipped = [];

    public void Warn(string message)
    {
        if (said.TryAdd(message, true))
        {
            MLNetInternals.Warn(channel, message);
        }
    }

    /// <summary>Notes a video that yields no row.</summary>
    public void Skip(string reason)
    {
        _skipped.Add(reason);
        if (_skipped.Count < videoCount)
        {
            Warn($"{reason} It is skipped.");
        }
    }

    /// <summary>Ends a pass that ran to its end.</summary>
    /// <exception cref="InvalidOperationException">Not one video could be read.</exception>
    public void Finish()
    {
        if (_skipped.Count == videoCount)
        {
            IEnumerable<string> listed = _skipped.Take(MostListed);
            string rest = videoCount > MostListed ? $"\n- and {videoCount - MostListed} more" : "";
            throw new InvalidOperationException(
                $"No frame pair could be read from {Count(videoCount)}:\n- {string.Join("\n- ", listed)}{rest}"
            );
        }
        if (_skipped.Count > 0)
        {
            MLNetInternals.Warn(channel, $"{_skipped.Count} of {Count(videoCount)} yielded nothing and were skipped.");
        }
    }

    public void Dispose() => channel.Dispose();

    private static string Count(int videos) => videos == 1 ? "1 video" : $"{videos} videos";
}
