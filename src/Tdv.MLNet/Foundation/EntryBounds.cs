namespace Tdv.MLNet.Foundation;

/// <summary>What an entry of a zip that we wrote may announce. Its bytes are weights and matrices, which hardly compress.</summary>
internal static class EntryBounds
{
    /// <summary>Entries up to this many bytes may be all zeros.</summary>
    private const long Small = 16 << 20;

    /// <summary>Of zeros, DEFLATE makes a 1032th; of trained weights, at best a few tenths.</summary>
    private const long MostRatio = 100;

    /// <param name="announced">Bytes when inflated.</param>
    /// <param name="stored">Bytes in the zip.</param>
    /// <returns>What is wrong, to follow the entry's name; null: nothing.</returns>
    public static string? Fault(long announced, long stored) =>
        announced < 0 || announced > Array.MaxLength
            ? $"announces {announced} bytes; at most {Array.MaxLength} are possible"
        : announced > Small && announced / MostRatio > stored
            ? $"announces {announced} bytes in {stored}; numbers of a model do not compress more than {MostRatio} to 1"
        : null;
}
