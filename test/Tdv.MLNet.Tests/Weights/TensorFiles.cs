using Tdv.MLNet.Foundation;
using Tdv.MLNet.Weights;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

/// <summary>Writes files of tensors as a model is saved, whole or not at all.</summary>
internal static class TensorFiles
{
    public static void WriteSafetensors(
        string path,
        IEnumerable<(string Name, Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    ) => AtomicFile.Write(path, stream => Safetensors.Write(stream, tensors.Select(TensorSource.Of), metadata));

    public static void WriteCheckpoint(string path, IEnumerable<(string Name, Tensor Tensor)> tensors) =>
        AtomicFile.Write(path, stream => TorchCheckpoint.Write(stream, tensors.Select(TensorSource.Of)));
}
