namespace Tdv.Tool.Reporting;

/// <summary>A table of results, as <c>RUN/tables/NAME.json</c> has it.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Note">What was done, in a sentence or two; may be empty.</param>
/// <param name="Command">The command that makes it again; may be empty.</param>
/// <param name="Models">SHA-256 of the models that it is of; empty: it does not say.</param>
/// <param name="Columns">Their names.</param>
/// <param name="Rows">Texts or numbers, as many as columns.</param>
internal sealed record ReportTable(
    string Title,
    string? Note,
    string? Command,
    IReadOnlyList<string> Models,
    IReadOnlyList<string> Columns,
    IReadOnlyList<IReadOnlyList<TableCell>> Rows
);
