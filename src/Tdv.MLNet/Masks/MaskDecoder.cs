using Microsoft.ML.Data;

namespace Tdv.MLNet.Masks;

/// <summary>Reads label pictures and turns their pixel values into keys.</summary>
internal sealed class MaskDecoder
{
    private const int Unknown = -1;

    private readonly int[] _keys = new int[256];
    private readonly string _known;

    public MaskDecoder(IReadOnlyList<MaskClass> classes)
    {
        Array.Fill(_keys, Unknown);
        var key = 0;
        foreach (var c in classes)
        {
            _keys[c.Id] = c.Ignore ? 0 : ++key;
        }

        _known = string.Join(", ", classes.Select(c => c.Id).Order());
    }

    /// <exception cref="InvalidDataException">The mask is not as large as its image, or a value is no class id.</exception>
    public uint[] Decode(string file, MLImage? image)
    {
        var (pixels, width, height) = MaskFile.Read(file);
        if (image is not null && (image.Width != width || image.Height != height))
        {
            throw new InvalidDataException(
                $"The mask '{file}' is {width}×{height} pixels, but its image {Name(image)} is "
                    + $"{image.Width}×{image.Height}. A mask must have its image's size."
            );
        }

        var keys = new uint[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var key = _keys[pixels[i]];
            if (key == Unknown)
            {
                throw UnknownId(pixels, i, width, file);
            }

            keys[i] = (uint)key;
        }

        return keys;
    }

    private InvalidDataException UnknownId(byte[] pixels, int first, int width, string file)
    {
        var count = pixels.Count(value => _keys[value] == Unknown);
        return new InvalidDataException(
            $"The mask '{file}' holds the value {pixels[first]} at x={first % width}, y={first / width}, which is no "
                + $"class id; {count} of its {pixels.Length} pixels hold such values. Known ids: {_known}. Add the "
                + "missing classes (marked ignore, if they shall not count) or correct the mask."
        );
    }

    // LoadImages keeps the path in the tag.
    private static string Name(MLImage picture) => string.IsNullOrEmpty(picture.Tag) ? "" : $"'{picture.Tag}'";
}
