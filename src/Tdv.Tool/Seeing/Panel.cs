namespace Tdv.Tool.Seeing;

/// <summary>A kind of picture.</summary>
/// <param name="Name">Short, for files.</param>
/// <param name="Title">For people.</param>
/// <param name="Meaning">How to read it, in one sentence.</param>
internal sealed record Panel(string Name, string Title, string Meaning)
{
    public static readonly Panel Input = new("input", "Input", "The frame as it is.");

    public static readonly Panel Features = new(
        "features",
        "Features",
        "Patches that the network holds for alike have the same color; the three strongest directions of the features are "
            + "red, green and blue, the same in all frames."
    );

    public static readonly Panel Attention = new(
        "attention",
        "Attention",
        "Where the summary of the frame (CLS) looks in the last layer, the mean over heads; light is much."
    );

    public static readonly Panel Motion = new(
        "motion",
        "Motion",
        "The length of the encoded motion since a quarter of a second before; light is long."
    );

    public static readonly Panel MotionColors = new(
        "motion-colors",
        "Kinds of motion",
        "The three strongest directions of the encoded motion as red, green and blue: what moves alike has the same color."
    );

    public static readonly Panel Error = new(
        "error",
        "Prediction error",
        "How far the predicted features lie from those of the frame; light is far."
    );

    /// <summary>All that a network has, the frame itself first.</summary>
    public static IReadOnlyList<Panel> Of(bool hasMotion) =>
        hasMotion ? [Input, Features, Attention, Motion, MotionColors, Error] : [Input, Features, Attention];
}
