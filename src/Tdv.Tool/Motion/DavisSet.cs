using Tdv.MLNet;
using Tdv.MLNet.Masks;
using Tdv.MLNet.Video;
using Tdv.Tool.Output;

namespace Tdv.Tool.Motion;

/// <summary>A folder of DAVIS: <c>JPEGImages/SEQUENCE/NNNNN.jpg</c> and <c>Annotations/SEQUENCE/NNNNN.png</c>.</summary>
internal sealed class DavisSet
{
    private const string Resolution = "480p";
    private const byte Void = 255;
    private const int FaultsShown = 10;

    private DavisSet(IReadOnlyList<DavisSequence> sequences, IReadOnlyList<MaskClass> classes) =>
        (Sequences, Classes) = (sequences, classes);

    public IReadOnlyList<DavisSequence> Sequences { get; }

    /// <summary>
    /// Background, and the objects' ids in the first masks. 255 is the object where there is no other (DAVIS 2016), and no
    /// class where there are (DAVIS 2017).
    /// </summary>
    public IReadOnlyList<MaskClass> Classes { get; }

    /// <param name="folder">The folder, or one whose parts have a folder <c>480p</c> between.</param>
    /// <param name="names">Of the sequences; empty: all.</param>
    /// <param name="every">Take every so many frames.</param>
    /// <param name="first">Take so many of those at most; null: all.</param>
    /// <exception cref="UserException">Something is missing: all is named.</exception>
    public static DavisSet Read(string folder, IReadOnlyList<string> names, int every, int? first)
    {
        string images = Part(folder, "JPEGImages");
        string masks = Part(folder, "Annotations");
        string[] found = [.. Directory.EnumerateDirectories(images).Select(path => Path.GetFileName(path)!)];
        var faults = new List<string>();
        var sequences = new List<DavisSequence>();
        foreach (string name in names.Count > 0 ? names : [.. found.InNaturalOrder()])
        {
            if (!found.Contains(name))
            {
                faults.Add(
                    $"there is no sequence '{name}' in '{images}'; there are {string.Join(", ", found.Order())}."
                );
                continue;
            }

            string[] frames =
            [
                .. Directory
                    .EnumerateFiles(Path.Combine(images, name), "*.jpg")
                    .InNaturalOrder()
                    .Where((_, i) => i % every == 0)
                    .Take(first ?? int.MaxValue),
            ];
            string[] labels =
            [
                .. frames.Select(frame => Path.Combine(masks, name, $"{Path.GetFileNameWithoutExtension(frame)}.png")),
            ];
            faults.AddRange(labels.Where(label => !File.Exists(label)).Select(label => $"'{label}' does not exist."));
            if (frames.Length < 3)
            {
                faults.Add($"'{name}' has {frames.Length} frames; at least 3 are needed: the ends do not count.");
            }

            sequences.Add(new(name, frames, labels));
        }

        if (sequences.Count == 0 && faults.Count == 0)
        {
            faults.Add($"there are no sequences in '{images}'.");
        }

        if (faults.Count > 0)
        {
            int hidden = faults.Count - FaultsShown;
            var shown = hidden > 0 ? faults.Take(FaultsShown).Append($"… and {hidden} more.") : faults;
            throw new UserException($"DAVIS cannot be read from '{folder}':\n- {string.Join("\n- ", shown)}");
        }

        return new(sequences, ClassesOf(sequences));
    }

    private static string Part(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        if (!Directory.Exists(path))
        {
            throw new UserException(
                $"The folder '{path}' does not exist. DAVIS has JPEGImages/SEQUENCE/NNNNN.jpg and "
                    + "Annotations/SEQUENCE/NNNNN.png."
            );
        }

        string inner = Path.Combine(path, Resolution);
        return Directory.Exists(inner) ? inner : path;
    }

    private static MaskClass[] ClassesOf(List<DavisSequence> sequences)
    {
        byte[] ids =
        [
            .. sequences
                .SelectMany(sequence => MaskFile.ReadIndices(sequence.Masks[0]).Indices.Distinct())
                .Append((byte)0)
                .Distinct()
                .Order(),
        ];
        bool isSingle = ids.All(id => id is 0 or Void);
        return
        [
            .. MaskColors.Classes(ids.Where(id => isSingle || id != Void)),
            .. isSingle ? Array.Empty<MaskClass>() : [new MaskClass(Void, "void", 0, 0, 0, Ignore: true)],
        ];
    }
}
