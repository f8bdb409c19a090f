using Microsoft.ML;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.Evaluation;

/// <summary>
/// Measures carried masks frame by frame. As in the toolkit, the first frame, which is given, and the last one are not
/// measured, and pixels without a class are no object's.
/// </summary>
/// <param name="legend">The classes; the one with the id 0 is background, all others are objects.</param>
internal sealed class PropagationScore(MaskLegend legend)
{
    private readonly List<PropagatedObject> _objects = [];
    private readonly List<string> _unmeasured = [];
    private readonly BoundaryMeasure _boundary = new();
    private readonly List<ObjectFrames> _current = [];
    private string? _video;
    private int _frames;

    /// <summary>Measures in one pass over the rows.</summary>
    public static PropagationMetrics Evaluate(
        IDataView data,
        string labelName,
        string predictedName,
        string? videoName,
        string imageName
    )
    {
        var columns = PropagationScoreColumns.Bind(data.Schema, labelName, predictedName, videoName, imageName);
        var score = new PropagationScore(MaskLegend.Of(columns.Label));
        using var cursor = data.GetRowCursor(columns.All);
        var reader = new PropagationScoreReader(cursor, columns);
        while (cursor.MoveNext())
        {
            reader.Read();
            score.Add(reader.Video, reader.Truth, reader.Found, reader.Height, reader.Width);
        }

        return score.ToMetrics();
    }

    /// <param name="video">Another one than before begins another video.</param>
    /// <param name="truth">Keys, <c>[height, width]</c>.</param>
    /// <param name="found">Keys, <c>[height, width]</c>.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    public void Add(string video, ReadOnlySpan<uint> truth, ReadOnlySpan<uint> found, int height, int width)
    {
        if (video != _video)
        {
            Finish();
            _video = video;
            for (int key = 1; key <= legend.Count; key++)
            {
                if (legend.Ids[key - 1] != 0 && truth.Contains((uint)key))
                {
                    _current.Add(new ObjectFrames((uint)key));
                }
            }
        }
        else
        {
            foreach (var one in _current)
            {
                one.Regions.Add(Region(truth, found, one.Key));
                one.Boundaries.Add(_boundary.Of(truth, found, one.Key, height, width));
            }
        }

        _frames++;
    }

    /// <exception cref="InvalidOperationException">There is nothing to measure.</exception>
    public PropagationMetrics ToMetrics()
    {
        Finish();
        return _objects.Count > 0
            ? new PropagationMetrics(_objects, _unmeasured)
            : throw new InvalidOperationException(
                $"There is nothing to evaluate: {_unmeasured.Count} videos, and none with three frames or more and an object "
                    + "in the first one. The class with the id 0 is background; the first and the last frame of a video are "
                    + "not measured."
            );
    }

    /// <summary>Intersection over union; 1 if neither has the object.</summary>
    internal static double Region(ReadOnlySpan<uint> truth, ReadOnlySpan<uint> found, uint key)
    {
        int both = 0;
        int either = 0;
        for (int i = 0; i < truth.Length; i++)
        {
            both += truth[i] == key && found[i] == key ? 1 : 0;
            either += truth[i] == key || found[i] == key ? 1 : 0;
        }

        return either == 0 ? 1 : (double)both / either;
    }

    private void Finish()
    {
        if (_video is null)
        {
            return;
        }

        int measured = _frames - 2;
        if (_current.Count == 0 || measured < 1)
        {
            _unmeasured.Add(_video);
        }
        else
        {
            _objects.AddRange(
                _current.Select(one => new PropagatedObject(
                    _video,
                    legend.Names[(int)one.Key - 1],
                    PropagationStatistics.Of(one.Regions[..measured]),
                    PropagationStatistics.Of(one.Boundaries[..measured]),
                    measured
                ))
            );
        }

        _current.Clear();
        (_video, _frames) = (null, 0);
    }
}
