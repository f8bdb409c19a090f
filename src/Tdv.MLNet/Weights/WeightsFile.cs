using System.Buffers.Binary;
using Tdv.MLNet.Foundation;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>
/// A file of named tensors, mapped into memory and validated; tensors are copied straight out of the mapping. Its content
/// decides what it is; the name does not matter.
/// </summary>
internal abstract unsafe class WeightsFile(MappedBytes bytes) : IDisposable
{
    /// <summary>Opens a safetensors file or a PyTorch checkpoint, whichever the content is.</summary>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, refused, or of another kind.</exception>
    public static WeightsFile Open(string path)
    {
        PlainFile.Require(path, "");
        return Of(new MappedBytes(path));
    }

    /// <summary>The same of what is in memory. Takes over <paramref name="bytes"/>, also when it fails.</summary>
    /// <exception cref="InvalidDataException">The content is damaged, refused, or of another kind.</exception>
    public static WeightsFile Of(MappedBytes bytes) => Own(bytes, Recognize);

    /// <summary>Hands <paramref name="bytes"/> to the file that is made of them; they are disposed of if that fails.</summary>
    public static T Own<T>(MappedBytes bytes, Func<MappedBytes, T> open)
        where T : WeightsFile
    {
        try
        {
            return open(bytes);
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>The file's path, for messages.</summary>
    public string Path => bytes.Source;

    /// <summary>The whole file.</summary>
    public MappedBytes Bytes => bytes;

    /// <summary>Every tensor of the file by name.</summary>
    public abstract IReadOnlyDictionary<string, StoredTensor> Tensors { get; }

    /// <exception cref="InvalidDataException">There is no tensor of this name.</exception>
    public StoredTensor this[string name] =>
        Tensors.TryGetValue(name, out var tensor)
            ? tensor
            : throw new InvalidDataException($"'{Path}' has no tensor '{name}'.");

    /// <summary>A copy of the tensor's numbers, whatever their type.</summary>
    /// <exception cref="InvalidDataException">There is no tensor of this name.</exception>
    public float[] ReadFloats(string name)
    {
        var tensor = this[name];
        return tensor.Length == 0 ? [] : FloatReader.Read(bytes.Address(tensor.Offset, tensor.Length), tensor);
    }

    /// <summary>A copy of the tensor in CPU memory; the caller's to dispose.</summary>
    public Tensor Read(string name)
    {
        var tensor = this[name];
        using var storage = empty([tensor.Length / ElementTypes.Size(tensor.Type)], tensor.Type);
        if (tensor.Length > 0)
        {
            var source = bytes.Address(tensor.Offset, tensor.Length);
            Buffer.MemoryCopy(source, TensorMemory.Address(storage), tensor.Length, tensor.Length);
        }

        using var view = storage.as_strided(tensor.Shape, tensor.Strides ?? StoredTensor.Gapless(tensor.Shape), 0);
        return view.contiguous();
    }

    /// <summary>Copies the tensor's values into <paramref name="destination"/>, of any type, on any device.</summary>
    /// <exception cref="InvalidDataException">There is no such tensor, or it has another shape.</exception>
    public void CopyTo(string name, Tensor destination)
    {
        var tensor = this[name];
        if (!tensor.Shape.AsSpan().SequenceEqual(destination.shape))
        {
            throw new InvalidDataException(
                $"'{Path}': tensor '{name}': expected [{string.Join(", ", destination.shape)}], "
                    + $"found [{string.Join(", ", tensor.Shape)}]."
            );
        }

        using var copy = Read(name);
        using var noGradients = no_grad();
        destination.copy_(copy);
    }

    public void Dispose()
    {
        bytes.Dispose();
        GC.SuppressFinalize(this);
    }

    private static WeightsFile Recognize(MappedBytes bytes)
    {
        var start = bytes.Bytes(0, (int)Math.Min(SafetensorsHeader.PrefixLength + 1, bytes.Length));
        bool isSafetensors =
            start.Length > SafetensorsHeader.PrefixLength
            && start[^1] == '{'
            && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)(bytes.Length - SafetensorsHeader.PrefixLength);
        return start switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => OfZip(bytes),
            _ when isSafetensors => new SafetensorsFile(bytes),
            [0x80, >= 1 and <= 5, ..] => throw new InvalidDataException(
                $"'{bytes.Source}' was saved by a PyTorch before 1.6, or is a bare pickle, which is not read. "
                    + "In Python, run torch.save(torch.load(path, map_location='cpu'), path) with a newer PyTorch."
            ),
            _ => throw Unknown(bytes),
        };
    }

    private static TorchCheckpointFile OfZip(MappedBytes bytes)
    {
        var zip = ZipDirectory.Read(bytes);
        if (Has("/data.pkl"))
        {
            return new TorchCheckpointFile(bytes, zip);
        }

        // Folders in ML.NET's archives end in a slash or a backslash, depending on its version.
        throw Has("Model.key")
            ? new InvalidDataException(
                $"'{bytes.Source}' is a model that ML.NET saved, not a file of weights. Load it with mlContext.Model.Load."
            )
            : Unknown(bytes);

        bool Has(string ending) => zip.Keys.Any(name => name.EndsWith(ending, StringComparison.Ordinal));
    }

    private static InvalidDataException Unknown(MappedBytes bytes) =>
        new(
            $"'{bytes.Source}': expected a safetensors file or a PyTorch checkpoint (.pth, .pt, .ckpt), found neither."
        );
}
