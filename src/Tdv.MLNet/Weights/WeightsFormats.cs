using System.Buffers.Binary;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Weights;

/// <summary>Recognizes a weights file by its content; the name does not matter.</summary>
internal static class WeightsFormats
{
    private const int LongestStart = 9;

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is a zip archive, but damaged or cut short.</exception>
    public static WeightsFormat Detect(string path)
    {
        using var file = new MappedBytes(path);
        return Detect(file);
    }

    /// <exception cref="InvalidDataException">The file is a zip archive, but damaged or cut short.</exception>
    public static WeightsFormat Detect(MappedBytes file)
    {
        var start = file.Bytes(0, (int)Math.Min(LongestStart, file.Length));
        return start switch
        {
            [(byte)'P', (byte)'K', 3, 4, ..] => DetectZip(file),
            [0x80, >= 1 and <= 5, ..] when !IsSafetensors(start, file.Length) => WeightsFormat.LegacyTorch,
            _ => IsSafetensors(start, file.Length) ? WeightsFormat.Safetensors : WeightsFormat.Unknown,
        };
    }

    private static bool IsSafetensors(ReadOnlySpan<byte> start, long length) =>
        start.Length == LongestStart
        && start[^1] == '{'
        && BinaryPrimitives.ReadUInt64LittleEndian(start) <= (ulong)(length - SafetensorsHeader.PrefixLength);

    private static WeightsFormat DetectZip(MappedBytes file)
    {
        var names = ZipDirectory.Read(file).Keys;
        return names.Any(name => name.EndsWith("/data.pkl", StringComparison.Ordinal)) ? WeightsFormat.TorchCheckpoint
            // Folders in ML.NET's archives end in a slash or a backslash, depending on its version.
            : names.Any(name => name.EndsWith("Model.key", StringComparison.Ordinal)) ? WeightsFormat.MLNetModel
            : WeightsFormat.Unknown;
    }
}
