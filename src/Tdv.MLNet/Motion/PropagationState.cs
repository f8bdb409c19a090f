using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>What one pass over the rows knows: the video it is in, what is carried, and the current row's mask.</summary>
internal sealed class PropagationState
{
    private readonly DataViewRow _row;
    private readonly PropagationSource _source;
    private readonly PropagationOptions _options;
    private readonly MaskPropagation _propagation;
    private readonly CarriedMaskPainter _painter;
    private readonly VanishedClasses _vanished;
    private readonly ValueGetter<VBuffer<float>> _getFeatures;
    private readonly SizedMask _mask;
    private readonly ValueGetter<MLImage>? _getImage;
    private readonly ValueGetter<ReadOnlyMemory<char>>? _getVideo;
    private VBuffer<float> _features;
    private MLImage? _image;
    private ReadOnlyMemory<char> _read;
    private string? _video;
    private (int Height, int Width) _size;
    private CarriedFrame? _frame;
    private bool _isGiven;
    private bool _isPainted;
    private uint[] _keys = [];
    private float[] _confidence = [];

    public PropagationState(
        DataViewRow row,
        PropagationSource source,
        PropagationOptions options,
        IReadOnlyList<string> classes,
        Action<string> warn
    )
    {
        (_row, _source, _options) = (row, source, options);
        _propagation = new(source.Rows, source.Columns, source.Depth, classes.Count, options);
        _painter = new(source.Rows, source.Columns, classes.Count, options);
        _vanished = new(classes, warn);
        _getFeatures = FiniteValues.Getter(row, source.Features);
        _mask = new SizedMask(row, source.Mask);
        _getImage = source.Image is { } image ? row.GetGetter<MLImage>(image) : null;
        _getVideo = source.Video is { } video ? row.GetGetter<ReadOnlyMemory<char>>(video) : null;
    }

    private string Video => _video!.Length > 0 ? $"video '{_video}'" : "the video";

    /// <summary>Takes the row that the input is at.</summary>
    public void Step()
    {
        BeginVideo();
        _mask.Read();
        _isGiven = _mask.Keys.ContainsAnyExcept(0u);
        _isPainted = false;
        if (!_isGiven && !_propagation.HasMask)
        {
            _frame = null;
            RequireMask();
            return;
        }

        _getFeatures(ref _features);
        Getters.Densify(ref _features);
        var features = _features.GetValues();
        _frame = _isGiven ? Give(features) : _propagation.Carry(features);
    }

    public void GetMask(ref VBuffer<uint> value)
    {
        Paint();
        Getters.Copy<uint>(_keys, ref value);
    }

    public void GetSize(ref VBuffer<int> value) =>
        Getters.Copy(_frame is null ? [0, 0] : [_size.Height, _size.Width], ref value);

    public void GetConfidence(ref VBuffer<float> value)
    {
        Paint();
        Getters.Copy<float>(_confidence, ref value);
    }

    private void BeginVideo()
    {
        _getVideo?.Invoke(ref _read);
        if (_video is null || !_read.Span.SequenceEqual(_video))
        {
            _video = _read.ToString();
            _propagation.Restart();
            _vanished.Restart();
        }
    }

    private void RequireMask()
    {
        if (!_options.MasksMayStartLater)
        {
            throw new InvalidDataException(
                $"Row {_row.Position}: {Video} begins without a mask in '{_source.Mask.Name}', so there is nothing to "
                    + "carry on. Give its first frame a mask, or set PropagationOptions.MasksMayStartLater."
            );
        }
    }

    private CarriedFrame Give(ReadOnlySpan<float> features)
    {
        var size = ReadSize();
        if (!_mask.Fits(size.Height, size.Width))
        {
            string other = _source.Image is { } image ? $"its image in '{image.Name}'" : "the feature grid";
            throw new InvalidDataException(
                $"Row {_row.Position}: the mask in '{_source.Mask.Name}' {_mask.Description}, but {other} is "
                    + $"{size.Width}×{size.Height} = {(long)size.Height * size.Width}. A mask must have the size of what "
                    + "it labels."
                    + _mask.Hint(size.Height, size.Width)
            );
        }

        if (_propagation.HasMask && size != _size)
        {
            throw new InvalidDataException(
                $"Row {_row.Position}: the mask in '{_source.Mask.Name}' is {size.Width}×{size.Height} pixels, but the "
                    + $"first one of {Video} is {_size.Width}×{_size.Height}. The masks of a video must have one size."
            );
        }

        _size = size;
        return _propagation.Give(features, _mask.Keys, size.Height, size.Width);
    }

    private (int Height, int Width) ReadSize()
    {
        if (_getImage is null)
        {
            return (_source.Rows, _source.Columns);
        }

        _getImage(ref _image!);
        return _image is { } image
            ? (image.Height, image.Width)
            : throw new InvalidDataException(
                $"Row {_row.Position}: the image in '{_source.Image!.Value.Name}', whose size the mask has, is missing."
            );
    }

    private void Paint()
    {
        if (_isPainted)
        {
            return;
        }

        int length = _frame is null ? 0 : _size.Height * _size.Width;
        if (_keys.Length != length)
        {
            _keys = new uint[length];
            _confidence = new float[_options.ConfidenceColumnName is null ? 0 : length];
        }

        if (_frame is { } frame)
        {
            if (_isGiven)
            {
                _mask.Keys.CopyTo(_keys);
                for (int i = 0; i < _confidence.Length; i++)
                {
                    _confidence[i] = _keys[i] == 0 ? 0 : 1;
                }
            }
            else
            {
                _painter.Paint(frame, _size.Height, _size.Width, _keys, _confidence);
            }

            _vanished.Look(_keys, Video);
        }

        _isPainted = true;
    }
}
