namespace Tdv.MLNet.Foundation;

/// <summary>Collects what is wrong, so that one exception tells all of it.</summary>
internal sealed class Faults
{
    private readonly List<string> _faults = [];

    public int Count => _faults.Count;

    public void Add(string fault) => _faults.Add(fault);

    public void Check(bool holds, string fault)
    {
        if (!holds)
        {
            Add(fault);
        }
    }

    /// <exception cref="ArgumentException">There are faults.</exception>
    public void ThrowIfAny(string headline)
    {
        if (_faults.Count > 0)
        {
            throw new ArgumentException(Text(headline));
        }
    }

    /// <summary>All of it, as a message.</summary>
    public string Text(string headline) =>
        $"{headline}{string.Concat(_faults.Select(fault => $"{Environment.NewLine}- {fault}"))}";
}
