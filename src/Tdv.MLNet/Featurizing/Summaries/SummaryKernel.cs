using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Video;

namespace Tdv.MLNet.Featurizing;

/// <summary>Reads the clip that a row names, runs the network over its frames and sums up what it says.</summary>
internal sealed class SummaryKernel : BatchKernel
{
    private readonly IHost _host;
    private readonly SummarySettings _settings;
    private readonly TdvFeaturizingTransformer _features;
    private readonly ValueGetter<ReadOnlyMemory<char>> _getPath;
    private readonly ClipSummary _summary;
    private readonly float[] _vector;
    private ReadOnlyMemory<char> _path;
    private VBuffer<float> _values;
    private int _unreadable;
    private int _all;

    public SummaryKernel(
        IHost host,
        SummarySettings settings,
        TdvFeaturizingTransformer features,
        ValueGetter<ReadOnlyMemory<char>> getPath,
        int length
    )
    {
        (_host, _settings, _features, _getPath) = (host, settings, features, getPath);
        _summary = new(settings.Options.Parts, features.Layout.Dimension);
        _vector = new float[length];
    }

    public override void Read(int slot) => _getPath(ref _path);

    public override void Compute(int count)
    {
        string path = Path.Combine(_settings.Options.Folder, _path.ToString());
        _all++;
        try
        {
            Summarize(path);
        }
        catch (Exception exception)
            when (_settings.Options.MissingIfUnreadable && exception is InvalidDataException or IOException)
        {
            _unreadable++;
            _vector.AsSpan().Fill(float.NaN);
            Warn($"{exception.Message} Its summary is missing.");
        }
    }

    public override Delegate CreateGetter(int output, Func<int> slot) =>
        (ValueGetter<VBuffer<float>>)(
            (ref VBuffer<float> value) =>
            {
                slot();
                Getters.Copy(_vector, ref value);
            }
        );

    public override void Dispose()
    {
        if (_unreadable > 0)
        {
            Warn($"{_unreadable} of {_all} clips could not be read; their summaries are missing.");
            _unreadable = 0;
        }
    }

    /// <exception cref="InvalidDataException">The path names no clip, or one that cannot be read.</exception>
    private void Summarize(string path)
    {
        string[] videos = Videos(path);
        var size = _features.Settings;
        var options = _settings.Options.Video with { FrameHeight = size.ImageHeight, FrameWidth = size.ImageWidth };
        var view = _features.Transform(new VideoFrames(_host, videos, options));
        var columns = view
            .Schema.Where(column => column.Name is SummarySettings.Cls or SummarySettings.Motion)
            .ToArray();
        _summary.Clear();
        try
        {
            using var cursor = view.GetRowCursor(columns);
            var getters = columns.Select(column => cursor.GetGetter<VBuffer<float>>(column)).ToArray();
            for (int frame = 0; frame < _settings.Options.MaxFrames && cursor.MoveNext(); frame++)
            {
                for (int i = 0; i < columns.Length; i++)
                {
                    getters[i](ref _values);
                    Add(columns[i].Name, _values.GetValues());
                }
            }
        }
        // How the pass over a video ends that has nothing to read.
        catch (InvalidOperationException exception) when (_summary.IsEmpty)
        {
            throw new InvalidDataException($"The clip '{path}' cannot be read. {exception.Message}", exception);
        }

        _summary.Write(_vector);
    }

    private void Add(string column, ReadOnlySpan<float> values)
    {
        if (column == SummarySettings.Motion)
        {
            _summary.AddMotion(values);
        }
        else
        {
            _summary.AddCls(values);
        }
    }

    private static string[] Videos(string path)
    {
        var paths = new VideoPaths([path]);
        if (paths.Faults.Count > 0)
        {
            throw new InvalidDataException($"The clip '{path}' cannot be read. {string.Join(' ', paths.Faults)}");
        }

        return paths.Videos.Count == 1
            ? [paths.Videos[0]]
            : throw new InvalidDataException(
                $"'{path}' is {paths.Videos.Count} videos; a row names one clip, a file or a folder of numbered frames."
            );
    }

    private void Warn(string message)
    {
        using var channel = _host.Start("Summarizing clips");
        MLNetInternals.Warn(channel, message);
    }
}
