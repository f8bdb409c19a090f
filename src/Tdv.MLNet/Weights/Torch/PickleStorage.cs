using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>The memory that tensors of a checkpoint share.</summary>
/// <param name="Type">The elements' type.</param>
/// <param name="Offset">Bytes from the start of the file to the first element.</param>
/// <param name="Elements">How many elements the file holds.</param>
internal sealed record PickleStorage(ScalarType Type, long Offset, long Elements);
