namespace Tdv.MLNet.Weights;

/// <summary>A Python dict or OrderedDict: its items in order. Keys are not hashed, so none can misbehave.</summary>
internal sealed class PickleDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];

    /// <summary>The value last stored under <paramref name="key"/>, or null.</summary>
    public object? Find(string key) => Items.FindLast(item => item.Key is string name && name == key).Value;
}
