namespace Tdv.MLNet.Weights;

/// <summary>Finds the state dict in what a checkpoint holds.</summary>
internal static class StateDict
{
    // Where training frameworks keep it: Lightning, then common habit.
    private static readonly string[] Keys = ["state_dict", "model"];

    /// <summary>The tensors of the state dict by name, in the file's order.</summary>
    /// <exception cref="InvalidDataException">There is none, or a name occurs twice.</exception>
    public static Dictionary<string, StoredTensor> Tensors(object? root)
    {
        if (root is not PickleDictionary dictionary)
        {
            throw new InvalidDataException("expected a state dict, found something else");
        }

        var places = Keys.Select(dictionary.Find).OfType<PickleDictionary>().Append(dictionary);
        var state = places.FirstOrDefault(place => place.Items.Exists(item => item.Value is StoredTensor));
        if (state is null)
        {
            throw new InvalidDataException("expected tensors under 'state_dict', 'model' or at its top, found none");
        }

        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in state.Items)
        {
            if (
                key is string name
                && value is StoredTensor tensor
                && !tensors.TryAdd(name, tensor with { Name = name })
            )
            {
                throw new InvalidDataException($"tensor '{name}' is listed twice");
            }
        }

        return tensors;
    }
}
