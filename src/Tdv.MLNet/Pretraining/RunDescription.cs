using System.Text.Json.Serialization;

namespace Tdv.MLNet.Pretraining;

/// <summary>What a training is made of, by name: enough to repeat it, and to see whether another one is the same.</summary>
internal sealed record RunDescription
{
    /// <summary>The user's choices, defaults put in.</summary>
    public required IReadOnlyDictionary<string, string> Options { get; init; }

    /// <summary>Every number that follows from them in this version of the library.</summary>
    public required IReadOnlyDictionary<string, string> Recipe { get; init; }

    /// <summary>Versions and hardware, which may decide about the last bits of a result.</summary>
    public required IReadOnlyDictionary<string, string> Machine { get; init; }

    /// <summary>Whether nothing is missing; what was deserialized may be anything.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        new[] { Options, Recipe, Machine }.All(values => values?.Values.All(value => value is not null) == true);

    /// <summary>
    /// What differs from an earlier run; the recipe only where the options agree, and without what an earlier version
    /// had that none of its options could change.
    /// </summary>
    public IEnumerable<string> Differences(RunDescription earlier)
    {
        string[] options = [.. Differences(Options, earlier.Options)];
        var known = earlier.Recipe.Where(entry => Recipe.ContainsKey(entry.Key)).ToDictionary();
        return options.Length > 0 ? options : Differences(Recipe, known);
    }

    /// <summary>How the machine differs from an earlier run's.</summary>
    public IEnumerable<string> MachineDifferences(RunDescription earlier) => Differences(Machine, earlier.Machine);

    private static IEnumerable<string> Differences(
        IReadOnlyDictionary<string, string> now,
        IReadOnlyDictionary<string, string> before
    ) =>
        from name in before.Keys.Union(now.Keys)
        let old = before.GetValueOrDefault(name, "not set")
        let current = now.GetValueOrDefault(name, "not set")
        where old != current
        select $"{name} was {old}; now it is {current}.";
}
