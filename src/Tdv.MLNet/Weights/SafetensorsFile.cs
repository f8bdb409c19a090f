namespace Tdv.MLNet.Weights;

/// <summary>A safetensors file, mapped into memory.</summary>
internal sealed class SafetensorsFile : WeightsFile
{
    private readonly SafetensorsHeader _header;

    private SafetensorsFile(MappedFile file, SafetensorsHeader header)
        : base(file) => _header = header;

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _header.Tensors;

    /// <summary>The texts stored under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        var file = new MappedFile(path);
        try
        {
            var prefix = file.Bytes(0, (int)Math.Min(SafetensorsHeader.PrefixLength, file.Length));
            var json = file.Bytes(
                Math.Min(SafetensorsHeader.PrefixLength, file.Length),
                SafetensorsHeader.JsonLength(prefix, file.Length, path)
            );
            return new SafetensorsFile(file, SafetensorsHeader.Parse(json, file.Length, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
