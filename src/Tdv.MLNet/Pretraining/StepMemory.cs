using Tdv.MLNet.Foundation;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Weights;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>What a training step needs of the machine's memory, told before anything is read.</summary>
internal static class StepMemory
{
    /// <summary>Numbers that a block keeps of each token for the backward pass, in widths of a token. Measured.</summary>
    private const double KeptByBlock = 20;

    /// <summary>The same of a block that attends to another frame, too.</summary>
    private const double KeptByMotionBlock = 25;

    /// <summary>Copies of a trained parameter: itself, its gradient, both moments, and the teacher's.</summary>
    private const int CopiesOfParameters = 5;

    /// <summary>libtorch itself.</summary>
    private const double Library = 256 << 20;

    /// <exception cref="ArgumentException">The step needs more than there is.</exception>
    public static void Require(Recipe recipe, Device device)
    {
        // What a GPU has is seen when it is used.
        if (device.type == TorchSharp.DeviceType.CPU && Fault(recipe, SystemMemory.Available()) is { } fault)
        {
            var faults = new Faults();
            faults.Add(fault);
            faults.ThrowIfAny($"{nameof(TdvOptions)} is out of range:");
        }
    }

    /// <param name="available">Bytes that there are.</param>
    /// <returns>What is wrong; null: nothing.</returns>
    public static string? Fault(Recipe recipe, long available)
    {
        double needed = Estimate(recipe);
        int size = recipe.Network.TrainingSize;
        int batch = recipe.Training.BatchSize;
        return needed <= available
            ? null
            : FormattableString.Invariant(
                $"BatchSize is {batch} and ImageSize {size}: a step needs about {SystemMemory.Size(needed)} of memory, and {SystemMemory.Size(available)} are there. "
            )
                + "Lower BatchSize (AccumulatedBatches makes large steps of small batches) or ImageSize, or choose a smaller Preset.";
    }

    /// <summary>In bytes. On the low side: what has room is not refused.</summary>
    public static double Estimate(Recipe recipe)
    {
        var network = recipe.Network;
        double size = network.TrainingSize;
        double pixels = size * size * FramePixels.Channels;
        double tokens = 1 + network.Registers + Math.Pow(Math.Floor(size / network.PatchSize), 2);
        double parameters = NetworkWeights
            .Shapes(network)
            .Sum(entry => entry.Shape.Aggregate(1.0, (product, length) => product * length));
        double hidden = network.HeadHidden;
        double head =
            (network.Dimension * hidden) + (hidden * hidden) + (network.HeadBottleneck * (hidden + network.Prototypes));
        bool frozen = recipe.Training.FreezeFrameEncoder;
        double blocks = (frozen ? 0 : network.Depth * KeptByBlock) + (network.MotionDepth * KeptByMotionBlock);
        double kept = recipe.Training.BatchSize * (tokens * network.Dimension * blocks + (4 * pixels));
        return Library + (sizeof(float) * ((CopiesOfParameters * (parameters + head)) + kept));
    }
}
