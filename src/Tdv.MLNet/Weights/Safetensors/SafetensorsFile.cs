using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Weights;

/// <summary>A safetensors file, mapped into memory.</summary>
internal sealed class SafetensorsFile : WeightsFile
{
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(MappedBytes file, SafetensorsHeader header)
        : base(file) => _header = header;

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _header.Tensors;

    /// <summary>The texts stored under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
    public static new SafetensorsFile Open(string path) => Open(new MappedBytes(path));

    /// <summary>Takes over <paramref name="file"/>, also when it fails.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
    public static SafetensorsFile Open(MappedBytes file)
    {
        try
        {
            var prefix = (int)Math.Min(SafetensorsHeader.PrefixLength, file.Length);
            var json = SafetensorsHeader.JsonLength(file.Bytes(0, prefix), file.Length, file.Source);
            var header = SafetensorsHeader.Parse(file.Bytes(prefix, json), file.Length, file.Source);
            return new SafetensorsFile(file, header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
