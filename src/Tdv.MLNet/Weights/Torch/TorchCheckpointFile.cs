using System.Text;
using Tdv.MLNet.Foundation;
using TorchSharp;

namespace Tdv.MLNet.Weights;

/// <summary>
/// A checkpoint as Python's <c>torch.save</c> writes it (<c>.pth</c>, <c>.pt</c>, Lightning's <c>.ckpt</c>), mapped
/// into memory: the tensors of its state dict. Nothing in the file is executed, and what is neither a tensor nor plain
/// data is refused by name. The rest of a training checkpoint (optimizer, settings) is read over.
/// </summary>
internal sealed class TorchCheckpointFile(MappedBytes bytes, IReadOnlyDictionary<string, ZipEntry> zip)
    : WeightsFile(bytes)
{
    private const string PickleName = "data.pkl";

    // That of a network of 40 blocks with its optimizer has less than a megabyte.
    private const int MaxPickleLength = 1 << 26;

    public override IReadOnlyDictionary<string, StoredTensor> Tensors { get; } = Read(bytes, zip);

    /// <summary>Takes over <paramref name="bytes"/>, also when it fails.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, or asks for more than plain data.</exception>
    public static TorchCheckpointFile Open(MappedBytes bytes) =>
        Own(bytes, own => new TorchCheckpointFile(own, ZipDirectory.Read(own)));

    private static Dictionary<string, StoredTensor> Read(MappedBytes file, IReadOnlyDictionary<string, ZipEntry> zip)
    {
        var root = Root(file.Source, zip);
        CheckByteOrder(file, zip, root);
        PickleReader? reader = null;
        try
        {
            reader = new PickleReader(
                Pickle(file, zip, root),
                (key, type, size) => Storage(zip, root + "data/" + key, type, size)
            );
            var value = reader.Read();
            return reader.Refused.Count == 0 ? StateDict.Tensors(value) : throw Refused(file.Source, reader.Refused);
        }
        catch (InvalidDataException fault)
        {
            throw reader is { Refused.Count: > 0 }
                ? Refused(file.Source, reader.Refused)
                : Damaged(file.Source, fault.Message);
        }
    }

    private static byte[] Pickle(MappedBytes file, IReadOnlyDictionary<string, ZipEntry> zip, string root)
    {
        var entry = Find(zip, root + PickleName);
        return entry.Length <= MaxPickleLength
            ? file.Bytes(entry.Offset, (int)entry.Length).ToArray()
            : throw new InvalidDataException(
                $"expected at most {MaxPickleLength} bytes of {PickleName}, found {entry.Length}"
            );
    }

    private static PickleStorage Storage(
        IReadOnlyDictionary<string, ZipEntry> zip,
        string name,
        torch.ScalarType type,
        long elements
    )
    {
        var entry = Find(zip, name);
        var size = ElementTypes.Size(type);
        return elements >= 0 && entry.Length % size == 0 && entry.Length / size == elements
            ? new PickleStorage(type, entry.Offset, elements)
            : throw new InvalidDataException(
                $"entry '{name}': expected {elements} elements of {ElementTypes.Name(type)}, found {entry.Length} bytes"
            );
    }

    private static ZipEntry Find(IReadOnlyDictionary<string, ZipEntry> zip, string name) =>
        !zip.TryGetValue(name, out var entry) ? throw new InvalidDataException($"it has no entry '{name}'")
        : entry.IsStored ? entry
        : throw new InvalidDataException(
            $"entry '{name}' is compressed, which torch.save never does (save it again with torch.save)"
        );

    /// <summary>The one folder that everything lies in, with its slash.</summary>
    private static string Root(string source, IReadOnlyDictionary<string, ZipEntry> zip)
    {
        var roots = zip
            .Keys.Where(name => name.EndsWith('/' + PickleName, StringComparison.Ordinal))
            .Select(name => name[..^PickleName.Length])
            .ToList();
        if (roots.Count != 1)
        {
            throw Damaged(source, $"expected one entry '{PickleName}', found {roots.Count}");
        }

        return zip.ContainsKey(roots[0] + "constants.pkl")
            ? throw new InvalidDataException(
                $"'{source}' is a TorchScript program, not a checkpoint. "
                    + "In Python, load it with torch.jit.load and save its state_dict() with torch.save."
            )
            : roots[0];
    }

    private static void CheckByteOrder(MappedBytes file, IReadOnlyDictionary<string, ZipEntry> zip, string root)
    {
        // Older versions of torch do not write it; they mean little endian.
        if (zip.TryGetValue(root + "byteorder", out var entry) && entry.Length <= 16)
        {
            var order = Encoding.ASCII.GetString(file.Bytes(entry.Offset, (int)entry.Length));
            if (order != "little")
            {
                throw new InvalidDataException(
                    $"'{file.Source}': expected byte order 'little', found '{order}'. "
                        + "Save it again on a little-endian machine."
                );
            }
        }
    }

    private static InvalidDataException Refused(string source, IReadOnlyList<string> names) =>
        new(
            $"'{source}' is refused: it asks for {string.Join(", ", names.Select(name => $"'{name}'"))}, "
                + "more than the tensors and plain data of a checkpoint. Nothing was executed. "
                + "If you trust the file, load it in Python and save its state dict alone with torch.save."
        );

    private static InvalidDataException Damaged(string source, string fault) =>
        new($"'{source}' is not a readable PyTorch checkpoint: {fault}. It is damaged or cut short; copy it again.");
}
