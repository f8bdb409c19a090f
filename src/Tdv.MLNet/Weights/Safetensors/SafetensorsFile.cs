using System.Runtime.InteropServices;
using Tdv.MLNet.Foundation;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>A safetensors file, mapped into memory.</summary>
/// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
internal sealed class SafetensorsFile(MappedBytes bytes) : WeightsFile(bytes)
{
    /// <summary>Bytes looked at together.</summary>
    private const int Block = 1 << 24;

    private readonly SafetensorsHeader _header = SafetensorsHeader.Read(bytes);

    public override IReadOnlyDictionary<string, StoredTensor> Tensors => _header.Tensors;

    /// <summary>The texts stored under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Looks at every number of a tensor of float32, where it lies.</summary>
    /// <exception cref="InvalidDataException">One is infinite or not a number.</exception>
    public void RequireFinite()
    {
        foreach (var tensor in Tensors.Values.Where(tensor => tensor.Type == ScalarType.Float32))
        {
            for (long start = 0; start < tensor.Length; start += Block)
            {
                int length = (int)Math.Min(Block, tensor.Length - start);
                var numbers = MemoryMarshal.Cast<byte, float>(Bytes.Bytes(tensor.Offset + start, length));
                int index = FiniteNumbers.IndexOfOther(numbers);
                if (index >= 0)
                {
                    throw new InvalidDataException(
                        FormattableString.Invariant(
                            $"'{Path}' is damaged: '{tensor.Name}' holds {numbers[index]} at {(start / sizeof(float)) + index}; finite numbers are expected."
                        )
                    );
                }
            }
        }
    }

    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
    public static new SafetensorsFile Open(string path) => Open(new MappedBytes(path));

    /// <summary>Takes over <paramref name="bytes"/>, also when it fails.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, cut short or not a safetensors file.</exception>
    public static SafetensorsFile Open(MappedBytes bytes) => Own(bytes, own => new SafetensorsFile(own));
}
