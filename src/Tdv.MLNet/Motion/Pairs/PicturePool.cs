using Microsoft.ML;
using Microsoft.ML.Data;
using OpenCvSharp;
using Tdv.MLNet.MLNet;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Pictures at hand for textures: a few at a time, one replaced by the next row's for each pair, so that memory is bounded.
/// After the last row comes the first one again, unless all are at hand.
/// </summary>
/// <param name="open">Begins a pass over the rows; null: generated textures alone.</param>
/// <param name="column">Its image column.</param>
internal sealed class PicturePool(Func<DataViewRowCursor>? open, DataViewSchema.Column? column) : IDisposable
{
    private const int Capacity = 32;

    /// <summary>Larger pictures are shrunk: frames show no more than this.</summary>
    private const int LongestSide = 1024;
    private readonly List<Mat> _pictures = [];
    private DataViewRowCursor? _rows;
    private ValueGetter<MLImage>? _getter;
    private int _next;
    private bool _isComplete = open is null;

    /// <summary>Reads as many rows as there is room for, then one each time.</summary>
    /// <exception cref="InvalidOperationException">There are no rows, or one without a picture.</exception>
    public void Advance()
    {
        while (!_isComplete)
        {
            if (MoveNext())
            {
                Put(Read());
                if (_pictures.Count == Capacity)
                {
                    return;
                }
            }
            else if (_pictures.Count == 0)
            {
                throw new InvalidOperationException(
                    "MakeMovingPairs has no pictures to move: the data has no rows. Give rows with pictures, or null for generated textures."
                );
            }
            else
            {
                _isComplete = _pictures.Count < Capacity;
            }
        }
    }

    /// <summary>A picture, or sometimes a generated texture; the caller's to dispose of.</summary>
    /// <param name="random">Of the choice.</param>
    /// <param name="generated">The probability of a generated texture where there are pictures.</param>
    public Mat Draw(Random random, float generated)
    {
        bool generate = random.NextSingle() < generated;
        return generate || _pictures.Count == 0
            ? TextureNoise.Draw(random)
            : _pictures[random.Next(_pictures.Count)].Clone();
    }

    public void Dispose()
    {
        _pictures.ForEach(picture => picture.Dispose());
        _pictures.Clear();
        _rows?.Dispose();
    }

    /// <returns>False once after the last row.</returns>
    private bool MoveNext()
    {
        if (_rows is null)
        {
            _rows = open!();
            _getter = _rows.GetGetter<MLImage>(column!.Value);
        }

        if (_rows.MoveNext())
        {
            return true;
        }

        _rows.Dispose();
        _rows = null;
        return false;
    }

    private void Put(Mat picture)
    {
        if (_pictures.Count < Capacity)
        {
            _pictures.Add(picture);
            return;
        }

        _pictures[_next].Dispose();
        _pictures[_next] = picture;
        _next = (_next + 1) % Capacity;
    }

    private Mat Read()
    {
        MLImage? kept = null;
        var image = Getters.Image(_getter!, column!.Value.Name, nameof(TdvCatalog.MakeMovingPairs), ref kept);
        var order =
            image.PixelFormat == MLPixelFormat.Bgra32 ? ColorConversionCodes.BGRA2BGR : ColorConversionCodes.RGBA2BGR;
        using var pixels = Mat.FromPixelData(image.Height, image.Width, MatType.CV_8UC4, image.Pixels.ToArray());
        using var opaque = pixels.CvtColor(order);
        double scale = Math.Min(1, (double)LongestSide / Math.Max(image.Height, image.Width));
        return scale < 1 ? opaque.Resize(default, scale, scale, InterpolationFlags.Area) : opaque.Clone();
    }
}
