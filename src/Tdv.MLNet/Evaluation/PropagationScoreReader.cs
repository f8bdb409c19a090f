using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Masks;

namespace Tdv.MLNet.Evaluation;

/// <summary>Reads a row's true and carried mask.</summary>
internal sealed class PropagationScoreReader(DataViewRow row, PropagationScoreColumns columns)
{
    private readonly SizedMask _truth = new(row, columns.Label);
    private readonly SizedMask _found = new(row, columns.Predicted);
    private readonly ValueGetter<MLImage> _getImage = row.GetGetter<MLImage>(columns.Image);
    private readonly ValueGetter<ReadOnlyMemory<char>>? _getVideo = columns.Video is { } video
        ? row.GetGetter<ReadOnlyMemory<char>>(video)
        : null;
    private ReadOnlyMemory<char> _video;
    private MLImage _image = null!;

    public string Video { get; private set; } = "";

    public ReadOnlySpan<uint> Truth => _truth.Keys;

    public ReadOnlySpan<uint> Found => _found.Keys;

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

        _truth.Read();
        _found.Read();
        _getImage(ref _image);
        if (!_truth.Fits(Height, Width) || !_found.Fits(Height, Width))
        {
            throw new InvalidDataException(
                $"Row {row.Position}: the mask in '{columns.Label.Name}' {_truth.Description}, that in "
                    + $"'{columns.Predicted.Name}' {_found.Description}, but the image in '{columns.Image.Name}' is "
                    + $"{Width}×{Height} = {(long)Height * Width}. All three must have one size."
            );
        }
    }
}
