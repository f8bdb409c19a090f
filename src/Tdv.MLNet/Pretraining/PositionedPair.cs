namespace Tdv.MLNet.Pretraining;

/// <param name="Pixels">The previous frame and the frame: RGB bytes, <c>[2, size, size, 3]</c>.</param>
/// <param name="Position">Where the data stand once this pair has been taken.</param>
internal sealed record PositionedPair(byte[] Pixels, DataPosition Position);
