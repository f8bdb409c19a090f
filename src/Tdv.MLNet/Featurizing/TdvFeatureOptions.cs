namespace Tdv.MLNet;

/// <summary>Which features a trained network computes, and where they go.</summary>
public sealed record TdvFeatureOptions
{
    /// <summary>
    /// Height in pixels to which every frame is resized before the network sees it; a multiple of the patch size.
    /// Larger than the training height gives finer features. Default: the size the network was trained at.
    /// </summary>
    public int? ImageHeight { get; init; }

    /// <summary>Width in pixels, as <see cref="ImageHeight"/>.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>
    /// The blocks, counted from 1, whose normalized outputs are concatenated into each feature. Default: the last
    /// block alone. Several layers help masks: early ones carry texture, late ones carry meaning.
    /// </summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Name of a column for the CLS vector of the whole frame, <c>[layers·D]</c>. Default: no such column.</summary>
    public string? ClsColumnName { get; init; }

    /// <summary>
    /// Name of a column for the encoded motion Δz since the previous frame, <c>[gridHeight, gridWidth, D]</c>.
    /// Default: no such column. Needs <see cref="PreviousFrameColumnName"/> in the data.
    /// </summary>
    public string? MotionColumnName { get; init; }

    /// <summary>
    /// Name of a column for the attention of CLS to each patch in the last block, <c>[heads, gridHeight, gridWidth]</c>:
    /// shares from 0 to 1; what a head's sum lacks to 1 is attention to CLS itself and to register tokens. Default: no
    /// such column.
    /// </summary>
    public string? AttentionColumnName { get; init; }

    /// <summary>Name of the image column that holds the previous frame. Default: <c>PreviousFrame</c>.</summary>
    public string PreviousFrameColumnName { get; init; } = "PreviousFrame";

    /// <summary>How many rows go through the network at once. Default: 8.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>What computes the features. Default: ONNX Runtime on the CPU, TorchSharp on a GPU.</summary>
    public TdvEngine Engine { get; init; } = TdvEngine.Automatic;

    /// <summary>
    /// What the network computes in. Default: float32. Bfloat16 is TorchSharp's alone, on the CPU too, and saved with the
    /// model.
    /// </summary>
    public TdvPrecision Precision { get; init; } = TdvPrecision.Float32;
}
