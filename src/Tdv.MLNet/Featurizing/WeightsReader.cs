using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using static TorchSharp.torch;

namespace Tdv.MLNet.Featurizing;

/// <summary>Makes a network of the weights in a file, whosever they are.</summary>
internal static class WeightsReader
{
    /// <summary>Looks which network a file holds, without reading a tensor.</summary>
    /// <exception cref="InvalidDataException">The tensors do not make a network; every fault is named.</exception>
    public static WeightsMap Map(WeightsFile file, TdvLoadOptions options)
    {
        var described = file is SafetensorsFile own ? NetworkDescription.Read(own.Metadata, file.Path) : null;
        var map = KeyMap.Create(file, options.Teacher, described);
        var network = map.Options with
        {
            Heads = options.Heads ?? map.Options.Heads,
            AttendCls = options.AttendCls ?? map.Options.AttendCls,
        };
        return network.Heads > 0 && network.Dimension % network.Heads == 0
            ? map with
            {
                Options = network,
            }
            : throw new InvalidDataException(
                $"'{file.Path}': {network.Heads} heads do not divide the network's width, {network.Dimension}. "
                    + "Set TdvLoadOptions.Heads to the number that it was trained with."
            );
    }

    /// <returns>The network, and the state it is part of where the file has all that a training needs.</returns>
    /// <exception cref="InvalidDataException">The tensors do not make a network; every fault is named.</exception>
    public static (TdvNetwork Network, TrainingState? State) Read(WeightsFile file, TdvLoadOptions options)
    {
        var map = Map(file, options);
        var state =
            map.HasTeacher && !options.Teacher ? new TrainingState(map.Options, seed: 0, map.HasPatchHead) : null;
        using var init = new Initialization(0);
        var network = state?.Network ?? new TdvNetwork(map.Options, init);
        foreach (var (name, tensor) in state?.NamedTensors() ?? network.NamedTensors())
        {
            // The map has every tensor but the centers of losses, which begin at 0.
            if (map.Names.TryGetValue(name, out string? stored))
            {
                file.CopyTo(stored, tensor);
            }
        }

        return (network, state);
    }
}
