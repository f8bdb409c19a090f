using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Probing;

/// <summary>
/// Features and masks of labeled images in memory: a network that is frozen need not run again for every probe. Of the
/// images only their sizes are kept.
/// </summary>
internal sealed class FeatureCache
{
    private readonly DataViewSchema _source;
    private readonly string[] _features;
    private readonly List<CachedImage> _images = [];

    /// <summary>Reads all rows.</summary>
    /// <param name="view">Columns of features, <see cref="Columns.Mask"/>, <see cref="Columns.Frame"/>.</param>
    /// <param name="features">The columns of features.</param>
    public FeatureCache(IDataView view, params string[] features)
    {
        _source = view.Schema;
        _features = features;
        var columns = features.Select(name => view.Schema[name]).ToArray();
        var (mask, frame) = (view.Schema[Columns.Mask], view.Schema[Columns.Frame]);
        using var cursor = view.GetRowCursor([.. columns, mask, frame]);
        var getFeatures = columns.Select(column => cursor.GetGetter<VBuffer<float>>(column)).ToArray();
        var getMask = cursor.GetGetter<VBuffer<uint>>(mask);
        var getFrame = cursor.GetGetter<MLImage>(frame);
        var blank = new Dictionary<(int, int), MLImage>();
        VBuffer<float> values = default;
        VBuffer<uint> keys = default;
        MLImage image = null!;
        while (cursor.MoveNext())
        {
            var read = new float[features.Length][];
            for (int i = 0; i < read.Length; i++)
            {
                getFeatures[i](ref values);
                read[i] = [.. values.DenseValues()];
            }

            getMask(ref keys);
            getFrame(ref image);
            var size = (image.Height, image.Width);
            if (!blank.TryGetValue(size, out var picture))
            {
                blank[size] = picture = MLImage.CreateFromPixels(
                    image.Width,
                    image.Height,
                    MLPixelFormat.Bgra32,
                    new byte[image.Width * image.Height * 4]
                );
            }

            _images.Add(new CachedImage(_images.Count, read, [.. keys.DenseValues()], picture));
        }
    }

    public int Count => _images.Count;

    /// <summary>The rows again, or some of them.</summary>
    public IDataView View(IEnumerable<int>? rows = null)
    {
        var builder = new DataViewSchema.Builder();
        foreach (string name in _features.Append(Columns.Mask).Append(Columns.Frame))
        {
            // What a column promises, of its size or its classes, the kept rows keep.
            builder.AddColumn(name, _source[name].Type, _source[name].Annotations);
        }

        return new CachedView(builder.ToSchema(), [.. rows?.Select(row => _images[row]) ?? _images]);
    }
}
