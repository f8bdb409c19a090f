using System.IO.Compression;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// Looks through a model's zip before ML.NET reads it: ML.NET allocates what an entry announces, whatever the file's size.
/// </summary>
internal static class ModelArchive
{
    /// <summary>More than DEFLATE can do (1032 to 1).</summary>
    private const long MaxRatio = 1040;
    private const long Slack = 4096;
    private const long MaxTotal = 8L << 30;
    private const int MaxEntries = 100_000;

    /// <exception cref="InvalidDataException">The zip is damaged, leaves its folder, or announces more than it can hold.</exception>
    public static void Check(string path)
    {
        using var zip = ZipFile.OpenRead(path);
        long total = 0;
        Expect(zip.Entries.Count <= MaxEntries, $"it announces {zip.Entries.Count} entries");
        foreach (var entry in zip.Entries)
        {
            string shown = entry.FullName.Length <= 100 ? entry.FullName : $"{entry.FullName[..100]}…";
            Expect(IsInside(entry.FullName), $"its entry '{shown}' leads out of its folder");
            Expect(
                entry.Length <= (entry.CompressedLength * MaxRatio) + Slack,
                $"its entry '{shown}' announces {entry.Length} bytes in {entry.CompressedLength}"
            );
            total += entry.Length;
            Expect(total <= MaxTotal, $"its entries announce more than {MaxTotal >> 30} GiB");
        }

        void Expect(bool holds, string fault)
        {
            if (!holds)
            {
                throw new InvalidDataException($"The model '{path}' is damaged or hostile: {fault}.");
            }
        }
    }

    private static bool IsInside(string name) =>
        !Path.IsPathRooted(name) && !name.Contains(':') && !name.Split('/', '\\').Contains("..");
}
