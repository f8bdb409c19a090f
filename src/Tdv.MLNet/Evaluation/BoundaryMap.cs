namespace Tdv.MLNet.Evaluation;

/// <summary>The boundary of an object, one pixel wide, half a pixel towards the picture's upper left corner.</summary>
internal sealed class BoundaryMap
{
    /// <summary>Far enough from everything, and safe to add to.</summary>
    private const int Far = 1 << 20;

    private readonly List<(int Y, int X)> _pixels = [];
    private int[] _distances = [];
    private int _height;
    private int _width;

    public int Count => _pixels.Count;

    /// <param name="keys"><c>[height, width]</c>.</param>
    /// <param name="key">The object.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    public void Take(ReadOnlySpan<uint> keys, uint key, int height, int width)
    {
        (_height, _width) = (height, width);
        _pixels.Clear();
        if (_distances.Length != keys.Length)
        {
            _distances = new int[keys.Length];
        }

        for (int y = 0; y < height; y++)
        {
            // At the last row and column there is no neighbor to differ from.
            var row = keys.Slice(y * width, width);
            var below = keys.Slice(Math.Min(y + 1, height - 1) * width, width);
            int first = _pixels.Count;
            for (int x = 0; x < width; x++)
            {
                bool inside = row[x] == key;
                int right = Math.Min(x + 1, width - 1);
                if ((row[right] == key) != inside || (below[x] == key) != inside || (below[right] == key) != inside)
                {
                    _pixels.Add((y, x));
                }
            }

            Measure(_distances.AsSpan(y * width, width), first);
        }
    }

    /// <summary>The part of this boundary that has a pixel of the other one within a disk.</summary>
    public double PartNear(BoundaryMap other, int radius)
    {
        int[] reach = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(dy => HalfWidth(radius, dy))];
        int near = 0;
        foreach (var (y, x) in _pixels)
        {
            int last = Math.Min(y + radius, _height - 1);
            for (int row = Math.Max(y - radius, 0); row <= last; row++)
            {
                if (other._distances[(row * _width) + x] <= reach[row - y + radius])
                {
                    near++;
                    break;
                }
            }
        }

        return (double)near / _pixels.Count;
    }

    private static int HalfWidth(int radius, int dy) => (int)Math.Sqrt((radius * radius) - (dy * dy));

    /// <summary>How far each pixel of a row is from the row's nearest one on the boundary.</summary>
    private void Measure(Span<int> distances, int first)
    {
        distances.Fill(Far);
        for (int i = first; i < _pixels.Count; i++)
        {
            distances[_pixels[i].X] = 0;
        }

        for (int x = 1; x < distances.Length; x++)
        {
            distances[x] = Math.Min(distances[x], distances[x - 1] + 1);
        }

        for (int x = distances.Length - 2; x >= 0; x--)
        {
            distances[x] = Math.Min(distances[x], distances[x + 1] + 1);
        }
    }
}
