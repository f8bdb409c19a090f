using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>What is wrong with lists and what they name, told in one message that fits a screen.</summary>
internal static class ListFaults
{
    private const int MostShown = 10;

    /// <exception cref="UserException">There are faults.</exception>
    public static void ThrowIfAny(IReadOnlyList<string> faults)
    {
        if (faults.Count == 0)
        {
            return;
        }

        int hidden = faults.Count - MostShown;
        var shown = hidden > 0 ? faults.Take(MostShown).Append($"… and {hidden} more.") : faults;
        throw new UserException(string.Join(Environment.NewLine, shown));
    }
}
