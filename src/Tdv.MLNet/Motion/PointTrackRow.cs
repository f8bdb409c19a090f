using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>Follows points from row to row; holds the positions of the current one.</summary>
internal sealed class PointTrackRow
{
    private readonly DataViewRow _input;
    private readonly TrackQueries _queries;
    private readonly TrackingOptions _options;
    private readonly FeatureGrid _grid;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly ValueGetter<ReadOnlyMemory<char>>? _getVideo;
    private readonly ValueGetter<MLImage>? _getImage;
    private readonly float[] _mean;
    private readonly float[] _centered;
    private VBuffer<float> _features;
    private ReadOnlyMemory<char> _name;
    private MLImage? _image;
    private PointTracker? _tracker;
    private IReadOnlyList<(TrackQuery Query, int Index)> _points = [];
    private string _video = "";
    private int _frame;
    private (float Height, float Width) _cell;

    public PointTrackRow(DataViewRow input, TrackColumns columns, TrackQueries queries, TrackingOptions options)
    {
        (_input, _queries, _options) = (input, queries, options);
        _grid = new(columns.Shape[0], columns.Shape[1], columns.Shape[2]);
        _mean = new float[_grid.Depth];
        _centered = new float[_grid.Unit.Length];
        _getFeatures = FiniteValues.Getter(input, columns.Features);
        _getVideo = columns.Video is { } video ? input.GetGetter<ReadOnlyMemory<char>>(video) : null;
        _getImage = columns.Image is { } image ? input.GetGetter<MLImage>(image) : null;
        Tracks = new float[queries.Count * TrackColumns.Coordinates];
        Visible = new bool[queries.Count];
    }

    /// <summary><c>[points, 2]</c>: x and y in pixels; not a number before a point's query and in other videos.</summary>
    public float[] Tracks { get; }

    /// <summary><c>[points]</c>.</summary>
    public bool[] Visible { get; }

    /// <summary>Follows the points into the row to which the input has moved.</summary>
    public void Read()
    {
        _getVideo?.Invoke(ref _name);
        if (_tracker is null || !_name.Span.SequenceEqual(_video))
        {
            Begin();
        }

        if (_points.Count > 0)
        {
            ReadGrid();
            _tracker!.Follow();
            _tracker.Add([.. _points.Where(point => point.Query.Frame == _frame).Select(At)]);
        }

        _frame++;
        Write();
    }

    /// <summary>After the last row.</summary>
    public void Finish()
    {
        End();
        _queries.Finish();
    }

    private void Begin()
    {
        bool first = _tracker is null;
        End();
        _video = _name.ToString();
        _frame = 0;
        _tracker = new PointTracker(_options, _grid);
        _points = _queries.Begin(_video, first);
        if (_points.Count > 0)
        {
            var (height, width) = PictureSize();
            TrackQueries.CheckInside(_points, width, height);
            _cell = ((float)height / _grid.Rows, (float)width / _grid.Columns);
        }
    }

    private void End()
    {
        if (_tracker is not null)
        {
            _queries.End(_video, _frame, _points);
        }
    }

    /// <summary>The image is upstream's: it is not disposed of here.</summary>
    private (int Height, int Width) PictureSize()
    {
        if (_getImage is null)
        {
            return (_options.PictureHeight!.Value, _options.PictureWidth!.Value);
        }

        _getImage(ref _image!);
        return _image is { } image
            ? (image.Height, image.Width)
            : throw new InvalidDataException(
                $"TrackPoints: row {_input.Position} has no image in '{_options.ImageColumnName}', in whose pixels points are given."
            );
    }

    private void ReadGrid()
    {
        _getFeatures(ref _features);
        Getters.Densify(ref _features);
        var values = _features.GetValues();
        if (values.Length != _grid.Unit.Length)
        {
            throw new InvalidDataException(
                $"TrackPoints: row {_input.Position} has {values.Length} features in '{_options.FeatureColumnName}'; its type promises {_grid.Unit.Length}."
            );
        }

        Center(values);
        _grid.Set(_centered);
    }

    /// <summary>Takes off what all cells of the video's first frame have in common, which would make everything look alike.</summary>
    private void Center(ReadOnlySpan<float> values)
    {
        if (_frame == 0)
        {
            _mean.AsSpan().Clear();
            for (int at = 0; at < values.Length; at += _grid.Depth)
            {
                TensorPrimitives.Add(_mean, values.Slice(at, _grid.Depth), _mean);
            }

            TensorPrimitives.Divide(_mean, _grid.Cells, _mean);
        }

        for (int at = 0; at < values.Length; at += _grid.Depth)
        {
            TensorPrimitives.Subtract(values.Slice(at, _grid.Depth), _mean, _centered.AsSpan(at, _grid.Depth));
        }
    }

    private (int Index, GridPoint Place) At((TrackQuery Query, int Index) point) =>
        (point.Index, new((point.Query.Y / _cell.Height) - 0.5f, (point.Query.X / _cell.Width) - 0.5f));

    private void Write()
    {
        Tracks.AsSpan().Fill(float.NaN);
        Visible.AsSpan().Clear();
        foreach (var point in _tracker!.Points)
        {
            Tracks[point.Index * TrackColumns.Coordinates] = (point.Place.Column + 0.5f) * _cell.Width;
            Tracks[(point.Index * TrackColumns.Coordinates) + 1] = (point.Place.Row + 0.5f) * _cell.Height;
            Visible[point.Index] = point.IsVisible;
        }
    }
}
