namespace Tdv.MLNet.Weights;

/// <summary>
/// A Python object that is neither a tensor nor a plain value, kept as what the pickle says about it. Nothing is
/// constructed, nothing called.
/// </summary>
internal sealed class PickleObject(string name)
{
    /// <summary>The class, such as <c>argparse.Namespace</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The attributes the pickle sets, or null.</summary>
    public object? State { get; set; }

    /// <summary>What it contains, if it is a set or a kind of dict.</summary>
    public PickleDictionary Contents { get; } = new();
}
