namespace Tdv.MLNet.Weights;

/// <summary>Reads the weights of a network from a file, whosever they are.</summary>
internal static class WeightsReader
{
    /// <summary>Looks which network a file holds, without reading a tensor.</summary>
    /// <exception cref="InvalidDataException">The tensors do not make a network; every fault is named.</exception>
    public static WeightsMap Map(WeightsFile file, TdvLoadOptions options)
    {
        var described = file is SafetensorsFile own ? NetworkDescription.Read(own.Metadata, file.Path) : null;
        var shapes = file.Tensors.Select(tensor => KeyValuePair.Create(tensor.Key, tensor.Value.Shape));
        var map = KeyMap.Create(shapes, file.Path, options.Teacher, described);
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

    /// <returns>The network's weights, and where the file has all that a training needs, that as well.</returns>
    /// <exception cref="InvalidDataException">The tensors do not make a network; every fault is named.</exception>
    public static NetworkWeights Read(WeightsFile file, TdvLoadOptions options)
    {
        var map = Map(file, options);
        bool all = map.HasTeacher && !options.Teacher;
        var names = NetworkWeights.Shapes(map.Options).Select(entry => entry.Name).ToHashSet();
        var arrays = map
            .Names.Where(entry => all || names.Contains(entry.Key))
            .Select(entry => new NamedArray(entry.Key, file[entry.Value].Shape, file.ReadFloats(entry.Value)))
            .ToList();
        if (all)
        {
            // What a training begins with: the losses' centers are 0 where the file has none.
            arrays.AddRange(
                NetworkShapes
                    .Centers(map.Options)
                    .Where(center => !map.Names.ContainsKey(center.Name))
                    .Select(center => new NamedArray(center.Name, center.Shape, new float[center.Shape[^1]]))
            );
        }

        var weights = new NetworkWeights(map.Options, arrays);
        weights.RequireFinite(file.Path);
        return weights;
    }
}
