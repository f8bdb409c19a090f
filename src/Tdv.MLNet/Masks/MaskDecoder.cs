using Microsoft.ML.Data;

namespace Tdv.MLNet.Masks;

/// <summary>
/// Reads label pictures and turns them into keys: by the classes' ids where every number of the picture is one, else by
/// their colors where every color of the picture is one.
/// </summary>
internal sealed class MaskDecoder
{
    private const int Unknown = -1;

    private readonly int[] _keys = new int[256];
    private readonly Dictionary<uint, int> _keyOfColor = [];
    private readonly IReadOnlyList<MaskClass> _classes;

    public MaskDecoder(IReadOnlyList<MaskClass> classes)
    {
        _classes = classes;
        Array.Fill(_keys, Unknown);
        var key = 0;
        foreach (var c in classes)
        {
            int own = c.Ignore ? 0 : ++key;
            _keys[c.Id] = own;
            // The first of those that share a color: nobody asks, unless pictures have colors instead of ids.
            _keyOfColor.TryAdd(Color(c), own);
        }
    }

    /// <summary>Keys, 0 where a pixel is ignored, row-major, and the picture's size.</summary>
    /// <exception cref="InvalidDataException">The mask is not as large as its image, or a pixel has no class.</exception>
    public (uint[] Keys, int Height, int Width) Decode(string file, MLImage? image) =>
        Decode(file, image is null ? null : (image.Height, image.Width), image?.Tag);

    /// <param name="file">The mask.</param>
    /// <param name="expected">Its image's height and width; null: not known.</param>
    /// <param name="imageName">The image, for errors.</param>
    /// <inheritdoc cref="Decode(string, MLImage?)"/>
    public (uint[] Keys, int Height, int Width) Decode(
        string file,
        (int Height, int Width)? expected,
        string? imageName
    )
    {
        var picture = MaskFile.Read(file);
        if (expected is { } size && (picture.Height, picture.Width) != size)
        {
            string name = string.IsNullOrEmpty(imageName) ? "" : $"'{imageName}' ";
            throw new InvalidDataException(
                $"The mask '{file}' is {picture.Width}×{picture.Height} pixels, but its image {name}is "
                    + $"{size.Width}×{size.Height}. A mask must have its image's size."
                    + MaskSize.Hint((picture.Height, picture.Width), size)
            );
        }

        uint[] keys =
            (picture.Indices is { } indices ? Map(indices, value => _keys[value]) : null)
            ?? (
                picture.Colors is { } colors
                    ? Map(colors, color => _keyOfColor.GetValueOrDefault(color, Unknown))
                    : null
            )
            ?? throw NoClass(file, picture);
        return (keys, picture.Height, picture.Width);
    }

    /// <summary>Null if one of them has no class.</summary>
    private static uint[]? Map<T>(T[] pixels, Func<T, int> keyOf)
    {
        var keys = new uint[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            int key = keyOf(pixels[i]);
            if (key == Unknown)
            {
                return null;
            }

            keys[i] = (uint)key;
        }

        return keys;
    }

    private InvalidDataException NoClass(string file, MaskPicture picture)
    {
        if (picture.Indices is not { } indices)
        {
            int[] wrong = Wrong(picture.Colors!, color => !_keyOfColor.ContainsKey(color));
            return new InvalidDataException(
                $"The mask '{file}' holds the color #{picture.Colors![wrong[0]]:X6} at {Place(wrong[0], picture)}, which is no "
                    + $"class's; {wrong.Length} of its {picture.Pixels} pixels hold such colors. Known colors: "
                    + $"{string.Join(", ", _classes.Select(c => $"#{Color(c):X6} {c.Name}"))}. Correct the classes' colors, "
                    + "or save class ids as an 8-bit gray PNG."
            );
        }

        int[] strange = Wrong(indices, value => _keys[value] == Unknown);
        return new InvalidDataException(
            $"The mask '{file}' holds the value {indices[strange[0]]} at {Place(strange[0], picture)}, which is no "
                + $"class id; {strange.Length} of its {picture.Pixels} pixels hold such values. Known ids: "
                + $"{string.Join(", ", _classes.Select(c => c.Id).Order())}. Add the missing classes (marked ignore, if they "
                + "shall not count) or correct the mask."
        );
    }

    private static int[] Wrong<T>(T[] pixels, Func<T, bool> isWrong) =>
        [.. Enumerable.Range(0, pixels.Length).Where(i => isWrong(pixels[i]))];

    private static string Place(int pixel, MaskPicture picture) =>
        $"x={pixel % picture.Width}, y={pixel / picture.Width}";

    private static uint Color(MaskClass c) => (uint)((c.Red << 16) | (c.Green << 8) | c.Blue);
}
