using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Training;

/// <summary>
/// The running mean of the teacher's outputs, subtracted from them so that no prototype takes all (reference §6).
/// Used first, updated afterwards; CLS and patch terms share one.
/// </summary>
/// <param name="values"><c>[1, 1, K]</c></param>
/// <param name="momentum">What the old mean counts.</param>
internal sealed class Center(Tensor values, double momentum)
{
    /// <summary><c>[1, 1, K]</c></summary>
    public Tensor Values => values;

    /// <summary>
    /// Takes in the mean of one batch of logits. The last layer is linear, so the mean of its outputs is its output
    /// for the mean of its inputs: the logits need not exist.
    /// </summary>
    /// <param name="bottleneck"><c>[n, bottleneck]</c></param>
    /// <param name="prototypes"><c>[K, bottleneck]</c></param>
    public void Update(Tensor bottleneck, Tensor prototypes)
    {
        using var scope = NewDisposeScope();
        values.Times_(momentum).Add_(prototypes.mv(bottleneck.mean([0])), 1 - momentum);
    }
}
