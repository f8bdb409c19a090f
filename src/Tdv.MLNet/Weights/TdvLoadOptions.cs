namespace Tdv.MLNet;

/// <summary>What a file of weights does not tell by itself, for <see cref="TdvModel.Load(string, TdvLoadOptions?)"/>.</summary>
public sealed record TdvLoadOptions
{
    /// <summary>
    /// Takes the teacher's frame encoder in place of the student's. The model is then for features alone: what else a
    /// training needs is left out. Default: the student.
    /// </summary>
    public bool Teacher { get; init; }

    /// <summary>
    /// Attention heads, which no tensor's shape tells. Default: what the file says, else the width divided by 64, as in
    /// every published vision transformer of this kind.
    /// </summary>
    public int? Heads { get; init; }

    /// <summary>
    /// Whether the motion encoder attends to the CLS token, which no tensor tells either. Default: what the file says,
    /// else true, the paper's best recipe. Checkpoints of the official launch script, which sets
    /// <c>--ignore_prefix_tokens_in_condition</c>, need false.
    /// </summary>
    public bool? AttendCls { get; init; }
}
