namespace Tdv.Tool.Reporting;

/// <summary>All that is needed to make the run again.</summary>
internal static class ConfigurationSection
{
    public static Html Of(RunFacts facts) =>
        facts.Description is { } description
            ? Html.Of(
                $"""
                <div class="card">{List(description.Options)}</div>
                {Starts(facts)}
                {Videos(facts)}
                {Folded("Every number of the recipe", List(description.Recipe))}
                {Folded("Versions and machine", List(description.Machine))}
                """
            )
            : Html.Of(
                $"""
                <p class="missing">The folder has no <code>checkpoints/options.json</code>:
                <code>tdv pretrain</code> and <code>tdv segment --videos</code> write it.</p>{Starts(facts)}{Videos(
                    facts
                )}
                """
            );

    private static Html Starts(RunFacts facts) =>
        facts.Starts.Count == 0
            ? Html.Nothing
            : Folded(
                facts.Starts.Count == 1 ? "Command" : $"Commands: it was started {facts.Starts.Count} times",
                Html.Of(
                    $"{facts.Starts.Select(start => Html.Of($"<p>{start.Time}</p><pre>{string.Join(' ', start.Command)}</pre>"))}"
                )
            );

    private static Html Videos(RunFacts facts) =>
        Html.Of($"{Paths("videos", facts.Videos)}{Paths("videos that it never learned from", facts.Unseen)}");

    private static Html Paths(string what, IReadOnlyList<string> paths) =>
        paths.Count == 0
            ? Html.Nothing
            : Folded(
                $"{paths.Count} {what}",
                Html.Of($"<ul class=\"paths\">{paths.Select(path => Html.Of($"<li>{path}</li>"))}</ul>")
            );

    private static Html Folded(string title, Html content) =>
        Html.Of($"""<details class="card"><summary>{title}</summary>{content}</details>""");

    private static Html List(IReadOnlyDictionary<string, string> values) =>
        Html.Of(
            $"""<dl class="options">{values.Select(pair => Html.Of($"<div><dt>{pair.Key}</dt><dd>{pair.Value}</dd></div>"))}</dl>"""
        );
}
