using System.Runtime.InteropServices;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Weights;

/// <summary>The weights of a network as plain numbers: all that scoring needs, without libtorch.</summary>
/// <param name="Options">The network's dimensions.</param>
/// <param name="All">By official name; what a training needs beyond the network may be among them.</param>
internal sealed record NetworkWeights(NetworkOptions Options, IReadOnlyList<NamedArray> All)
{
    private const int MostShown = 5;

    /// <summary>Those of the network alone.</summary>
    public IEnumerable<NamedArray> Network
    {
        get
        {
            var names = Shapes(Options).Select(entry => entry.Name).ToHashSet();
            return All.Where(array => names.Contains(array.Name));
        }
    }

    /// <summary>Every tensor of a network of those dimensions.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Shapes(NetworkOptions options)
    {
        var frame = NetworkShapes.FrameEncoder("frame_encoder.", options);
        return options.MotionDepth > 0 ? frame.Concat(NetworkShapes.MotionEncoder(options)) : frame;
    }

    /// <summary>A copy of a network's weights, wherever it is.</summary>
    public static NetworkWeights Of(TdvNetwork network)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return new(
            network.Options,
            [
                .. network
                    .NamedTensors()
                    .Select(entry => new NamedArray(entry.Name, entry.Tensor.shape, Numbers(entry.Tensor))),
            ]
        );
    }

    /// <summary>A network with one such number gives features that are not finite either, and masks of the first class.</summary>
    /// <param name="source">The file, for the message.</param>
    /// <exception cref="InvalidDataException">Weights are infinite or not a number: every tensor that has some is named.</exception>
    public void RequireFinite(string source)
    {
        string[] faults =
        [
            .. All.Select(array => (array.Name, array.Values, Index: FiniteNumbers.IndexOfOther(array.Values)))
                .Where(entry => entry.Index >= 0)
                .Select(entry =>
                    FormattableString.Invariant($"'{entry.Name}' holds {entry.Values[entry.Index]} at {entry.Index}")
                ),
        ];
        if (faults.Length > 0)
        {
            string more = faults.Length > MostShown ? $", and {faults.Length - MostShown} more" : "";
            throw new InvalidDataException(
                $"'{source}' has weights that are not finite: {string.Join(", ", faults.Take(MostShown))}{more}. The training has "
                    + "diverged or the file is damaged; take an earlier checkpoint, or copy the file again."
            );
        }
    }

    /// <summary>A network of TorchSharp with these weights, on the CPU; it outlives the dispose scopes around.</summary>
    public TdvNetwork ToNetwork()
    {
        using var init = new Initialization(0);
        using var gradients = no_grad();
        var network = new TdvNetwork(Options, init);
        var arrays = Network.ToDictionary(array => array.Name);
        foreach (var (name, target) in network.NamedTensors())
        {
            using var values = tensor(arrays[name].Values, arrays[name].Shape);
            target.copy_(values);
            target.DetachFromDisposeScope();
        }

        return network;
    }

    private static float[] Numbers(Tensor tensor) =>
        MemoryMarshal.Cast<byte, float>(tensor.detach().to_type(ScalarType.Float32).cpu().contiguous().bytes).ToArray();
}
