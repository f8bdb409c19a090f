using System.IO.Compression;
using System.Text;

namespace Tdv.MLNet.Weights;

/// <summary>Writes a state dict that Python's <c>torch.load</c> reads, also with <c>weights_only=True</c>.</summary>
internal static class TorchCheckpoint
{
    private const string Root = "archive/";

    // The version of the archive's layout that every PyTorch since 1.6 reads.
    private const string Version = "3\n";

    /// <summary>Writes an OrderedDict of the tensors in the given order.</summary>
    /// <exception cref="ArgumentException">Two tensors have the same name.</exception>
    public static void Write(Stream stream, IEnumerable<TensorSource> tensors)
    {
        var list = tensors.ToList();
        TensorSource.CheckNames(list);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(zip, "data.pkl", entry => entry.Write(Pickle(list)));
        Add(zip, "byteorder", entry => entry.Write("little"u8));
        for (var i = 0; i < list.Count; i++)
        {
            Add(zip, $"data/{i}", list[i].Write);
        }

        Add(zip, "version", entry => entry.Write(Encoding.ASCII.GetBytes(Version)));
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        // Uncompressed, as torch.save writes and its memory mapping expects; a fixed date: the same tensors, the same file.
        var entry = zip.CreateEntry(Root + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var stream = entry.Open();
        write(stream);
    }

    private static byte[] Pickle(List<TensorSource> tensors)
    {
        using var pickle = new PickleWriter();
        pickle.EmptyDictionary();
        pickle.Mark();
        for (var i = 0; i < tensors.Count; i++)
        {
            pickle.Text(tensors[i].Name);
            WriteTensor(pickle, tensors[i], key: $"{i}");
        }

        pickle.SetItems();
        return pickle.Finish();
    }

    /// <summary><c>_rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)</c>.</summary>
    private static void WriteTensor(PickleWriter pickle, TensorSource tensor, string key)
    {
        pickle.Global("torch._utils", "_rebuild_tensor_v2");
        pickle.Mark();
        WriteStorage(pickle, tensor, key);
        pickle.Integer(0);
        pickle.Integers(tensor.Shape);
        pickle.Integers(StoredTensor.Gapless(tensor.Shape));
        pickle.False();
        pickle.EmptyDictionary();
        pickle.Tuple();
        pickle.Call();
    }

    private static void WriteStorage(PickleWriter pickle, TensorSource tensor, string key)
    {
        var name = ElementTypes.StorageName(tensor.Type).Split('.');
        pickle.Mark();
        pickle.Text("storage");
        pickle.Global(name[0], name[1]);
        pickle.Text(key);
        pickle.Text("cpu");
        pickle.Integer(tensor.Count);
        pickle.Tuple();
        pickle.Persistent();
    }
}
