using Tdv.MLNet.Foundation;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>A file of named tensors, mapped into memory and validated; tensors are copied straight out of the mapping.</summary>
internal abstract unsafe class WeightsFile(MappedBytes bytes) : IDisposable
{
    /// <summary>Opens a safetensors file or a PyTorch checkpoint, whichever the content is.</summary>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, refused, or of another kind.</exception>
    public static WeightsFile Open(string path) => Of(new MappedBytes(path));

    /// <summary>The same of what is in memory. Takes over <paramref name="bytes"/>, also when it fails.</summary>
    /// <exception cref="InvalidDataException">The content is damaged, refused, or of another kind.</exception>
    public static WeightsFile Of(MappedBytes bytes)
    {
        try
        {
            return WeightsFormats.Detect(bytes) switch
            {
                WeightsFormat.Safetensors => SafetensorsFile.Open(bytes),
                WeightsFormat.TorchCheckpoint => TorchCheckpointFile.Open(bytes),
                WeightsFormat.LegacyTorch => throw new InvalidDataException(
                    $"'{bytes.Source}' was saved by a PyTorch before 1.6, or is a bare pickle, which is not read. "
                        + "In Python, run torch.save(torch.load(path, map_location='cpu'), path) with a newer PyTorch."
                ),
                WeightsFormat.MLNetModel => throw new InvalidDataException(
                    $"'{bytes.Source}' is a model that ML.NET saved, not a file of weights. Load it with mlContext.Model.Load."
                ),
                _ => throw new InvalidDataException(
                    $"'{bytes.Source}': expected a safetensors file or a PyTorch checkpoint (.pth, .pt, .ckpt), found neither."
                ),
            };
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
        var result = empty(tensor.Shape, tensor.Type);
        Copy(tensor, result);
        return result;
    }

    /// <summary>
    /// Copies the tensor's values into <paramref name="destination"/>, of any type, on any device. Without a second
    /// copy where the destination is gapless in CPU memory and of the same type.
    /// </summary>
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

        if (
            destination.device_type == DeviceType.CPU
            && destination.dtype == tensor.Type
            && destination.is_contiguous()
        )
        {
            Copy(tensor, destination);
            return;
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

    private void Copy(StoredTensor tensor, Tensor destination)
    {
        if (tensor.Length == 0)
        {
            return;
        }

        var source = bytes.Address(tensor.Offset, tensor.Length);
        if (tensor.Strides is null)
        {
            Buffer.MemoryCopy(source, TensorMemory.Address(destination), tensor.Length, tensor.Length);
            return;
        }

        using var storage = empty([tensor.Length / ElementTypes.Size(tensor.Type)], tensor.Type);
        Buffer.MemoryCopy(source, TensorMemory.Address(storage), tensor.Length, tensor.Length);
        using var view = storage.as_strided(tensor.Shape, tensor.Strides, 0);
        using var noGradients = no_grad();
        destination.copy_(view);
    }
}
