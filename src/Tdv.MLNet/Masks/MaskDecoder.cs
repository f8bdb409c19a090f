namespace Tdv.MLNet.Masks;

/// <summary>Turns pixel values of label pictures into keys.</summary>
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

    /// <exception cref="InvalidDataException">A value is no class id.</exception>
    public uint[] Decode(byte[] pixels, int width, string file)
    {
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
}
