namespace Tdv.MLNet.Featurizing;

/// <summary>Collects everything that is wrong with an input, so that one exception can say it all.</summary>
internal sealed class Faults
{
    private readonly List<string> _messages = [];

    public bool Any => _messages.Count > 0;

    public void Add(string message) => _messages.Add(message);

    public void Require(bool condition, string message)
    {
        if (!condition)
        {
            Add(message);
        }
    }

    /// <exception cref="ArgumentException">There is a fault.</exception>
    public void Throw(string subject)
    {
        if (Any)
        {
            throw new ArgumentException($"{subject}: {string.Join(" ", _messages)}");
        }
    }
}
