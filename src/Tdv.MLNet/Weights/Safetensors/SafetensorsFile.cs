using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Weights;

/// <summary>A safetensors file, mapped into memory.</summary>
/// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
internal sealed class SafetensorsFile(MappedBytes bytes) : WeightsFile(bytes)
{
    private readonly SafetensorsHeader _header = SafetensorsHeader.Read(bytes);

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _header.Tensors;

    /// <summary>The texts stored under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
    public static new SafetensorsFile Open(string path) => Open(new MappedBytes(path));

    /// <summary>Takes over <paramref name="bytes"/>, also when it fails.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
    public static SafetensorsFile Open(MappedBytes bytes) => Own(bytes, own => new SafetensorsFile(own));
}
