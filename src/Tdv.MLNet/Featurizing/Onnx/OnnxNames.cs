namespace Tdv.MLNet.Featurizing;

/// <summary>What the inputs and outputs of an ONNX graph are; an output without a name is left out.</summary>
/// <param name="Frame">The input of frames.</param>
/// <param name="Previous">The input of the frames before, there if motion is.</param>
/// <param name="Grid">The output of patch features.</param>
/// <param name="Cls">The output of frame features.</param>
/// <param name="Motion">The output of encoded motion.</param>
/// <param name="Attention">The output of CLS's attention.</param>
/// <param name="Bytes">Inputs are uint8, colors last; else float32, colors first.</param>
/// <param name="AnySize">Height and width are known only when the graph runs.</param>
internal sealed record OnnxNames(
    string Frame,
    string Previous,
    string? Grid,
    string? Cls,
    string? Motion,
    string? Attention,
    bool Bytes,
    bool AnySize
);
