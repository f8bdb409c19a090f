using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// A column that a TDV transformer can add: what it is called, its shape, and how either engine computes it. A further one
/// is a row of <see cref="All"/> and an option for its name.
/// </summary>
/// <param name="Setting">Its name in saved settings, whose value is the column's name.</param>
/// <param name="Asked">The column's name in the options; null where it is not asked for.</param>
/// <param name="Shape">The shape of one row's value.</param>
/// <param name="Torch">Its values, <c>[batch, ..shape]</c> in any view of these, by TorchSharp.</param>
/// <param name="Onnx">The same in an ONNX graph.</param>
internal sealed record FeatureOutput(
    string Setting,
    Func<TdvFeatureOptions, string?> Asked,
    Func<FeatureLayout, OnnxSize[]> Shape,
    Func<TorchPass, Tensor> Torch,
    Func<OnnxExport, string> Onnx
)
{
    /// <summary>One feature per patch, <c>[gridHeight, gridWidth, layers·D]</c>.</summary>
    public static readonly FeatureOutput Grid = new(
        "OutputColumn",
        _ => null,
        layout => [layout.Rows, layout.Columns, layout.Width],
        pass => TorchPass.Patches(pass.Tokens),
        graph => graph.Patches(graph.Tokens)
    );

    /// <summary>One feature for the frame, <c>[layers·D]</c>.</summary>
    public static readonly FeatureOutput Cls = new(
        "ClsColumn",
        options => options.ClsColumnName,
        layout => [layout.Width],
        pass => pass.Tokens.select(1, 0),
        graph => graph.Cls(graph.Tokens)
    );

    /// <summary>The encoded motion Δz of each patch, <c>[gridHeight, gridWidth, D]</c>.</summary>
    public static readonly FeatureOutput Motion = new(
        "MotionColumn",
        options => options.MotionColumnName,
        layout => [layout.Rows, layout.Columns, layout.Dimension],
        pass => TorchPass.Patches(pass.Motion),
        graph => graph.Patches(graph.Motion)
    )
    {
        NeedsPrevious = true,
    };

    /// <summary>The last block's attention of CLS to each patch, <c>[heads, gridHeight, gridWidth]</c>.</summary>
    public static readonly FeatureOutput Attention = new(
        "AttentionColumn",
        options => options.AttentionColumnName,
        layout => [layout.Heads, layout.Rows, layout.Columns],
        pass => pass.Attention,
        graph => graph.Attention
    );

    /// <summary>In the order of the columns that they add.</summary>
    public static IReadOnlyList<FeatureOutput> All { get; } = [Grid, Cls, Motion, Attention];

    /// <summary>Whether it needs a motion encoder, and the frame before each frame.</summary>
    public bool NeedsPrevious { get; private init; }
}
