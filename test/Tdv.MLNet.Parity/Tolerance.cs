namespace Tdv.MLNet.Parity;

/// <summary>
/// How far off a comparison may be (reference §15), relative to a tensor's largest value: by how exact the stored numbers
/// are, and never less than twice the reference's own distance between single and double precision where case.json
/// states that.
/// </summary>
/// <param name="golden">The case.</param>
/// <param name="exact">Whether the numbers were stored and are computed in double precision.</param>
/// <param name="mixed">
/// Whether a part is in single precision by design all the same: a position embedding resized for frames of another size
/// than the stored one, or rotary angles.
/// </param>
internal sealed class Tolerance(GoldenCase golden, bool exact, bool mixed)
{
    /// <summary>Of numbers stored in single precision.</summary>
    public const double SingleOutputs = 3e-6;

    /// <summary>Of gradients stored in single precision.</summary>
    public const double SingleGradients = 1.2e-5;

    /// <summary>
    /// For TDV's whole forward pass in single precision: the stored numbers are 2.0e-6 away from double precision
    /// themselves, and another build of libtorch rounds its matrix products otherwise by as much again.
    /// </summary>
    public const double SingleForward = 1.5 * SingleOutputs;

    /// <summary>
    /// For gradients through RoPE over all 256 patches in single precision, likewise: 8.7e-6 of it are in the stored
    /// numbers.
    /// </summary>
    public const double SingleRotaryGradients = 1.5 * SingleGradients;

    public const double ExactOutputs = 1e-12;

    private const int Twice = 2;

    /// <summary>AdamW's first steps have the same length whatever the gradient: rounding of tiny ones counts most.</summary>
    private const double FirstStates = 5e-3;

    private const int FirstSteps = 5;

    /// <summary>Twice what the reference's own runs are apart after six steps.</summary>
    private const double LaterStates = Twice * 1.4e-3;

    public double Outputs =>
        !exact ? SingleOutputs
        : mixed ? 1e-6
        : ExactOutputs;

    /// <summary>Of losses over several steps.</summary>
    /// <param name="smallest">The smallest of them, since the reference's distance is an absolute one.</param>
    public double Losses(double smallest) =>
        !exact ? AtLeast(SingleGradients, golden.OwnDistance("loss_max_abs") / smallest)
        : mixed ? AtLeast(1e-5, golden.OwnDistance("loss_max_abs") / smallest)
        : 1e-11;

    /// <summary>Of the first step's gradients.</summary>
    public double Gradients =>
        exact && !mixed ? 1e-11 : AtLeast(SingleGradients, golden.OwnDistance("grad_step1_max_abs_and_rel"));

    /// <summary>
    /// Of ‖θ − reference‖ / ‖reference − start‖. What is in single precision anywhere, AdamW makes as wrong as if all
    /// were; in double precision rounding grows over the steps, and the smallest deliberate error was 7e-9.
    /// </summary>
    public double States(int step)
    {
        const string quantity = "update_relative_l2_without_key_bias_max";
        return exact && !mixed ? 1e-9
            : golden.OwnDistance($"state_step{step}_{quantity}") is { } own ? Twice * own
            : step <= FirstSteps ? FirstStates
            : LaterStates;
    }

    private static double AtLeast(double general, double? own) => Math.Max(general, Twice * own ?? 0);
}
