using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Evaluation;

/// <summary>Reads a row's true and carried mask.</summary>
internal sealed class PropagationScoreReader(DataViewRow row, PropagationScoreColumns columns)
{
    private readonly ValueGetter<VBuffer<uint>> _getTruth = row.GetGetter<VBuffer<uint>>(columns.Label);
    private readonly ValueGetter<VBuffer<uint>> _getFound = row.GetGetter<VBuffer<uint>>(columns.Predicted);
    private readonly ValueGetter<MLImage> _getImage = row.GetGetter<MLImage>(columns.Image);
    private readonly ValueGetter<ReadOnlyMemory<char>>? _getVideo = columns.Video is { } video
        ? row.GetGetter<ReadOnlyMemory<char>>(video)
        : null;
    private VBuffer<uint> _truth;
    private VBuffer<uint> _found;
    private ReadOnlyMemory<char> _video;
    private MLImage _image = null!;

    public string Video { get; private set; } = "";

    public ReadOnlySpan<uint> Truth => _truth.GetValues();

    public ReadOnlySpan<uint> Found => _found.GetValues();

    public int Height => _image.Height;

    public int Width => _image.Width;

    /// <exception cref="InvalidDataException">A mask has another size than the frame.</exception>
    public void Read()
    {
        _getVideo?.Invoke(ref _video);
        if (!_video.Span.SequenceEqual(Video))
        {
            Video = _video.ToString();
        }

        _getTruth(ref _truth);
        _getFound(ref _found);
        _getImage(ref _image);
        Getters.Densify(ref _truth);
        Getters.Densify(ref _found);
        long pixels = (long)Height * Width;
        if (_truth.Length != pixels || _found.Length != pixels)
        {
            throw new InvalidDataException(
                $"Row {row.Position}: the mask in '{columns.Label.Name}' has {_truth.Length} pixels, that in "
                    + $"'{columns.Predicted.Name}' {_found.Length}, but the image in '{columns.Image.Name}' is "
                    + $"{Width}×{Height} = {pixels}. All three must have one size."
            );
        }
    }
}
