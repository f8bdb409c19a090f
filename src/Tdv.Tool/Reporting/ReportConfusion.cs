namespace Tdv.Tool.Reporting;

/// <summary>A confusion matrix, as <c>RUN/confusion/NAME.json</c> has it.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Classes">Their names.</param>
/// <param name="Counts">Pixels by true class, then by predicted class.</param>
/// <param name="Model">SHA-256 of the model that it is of; null: it does not say.</param>
internal sealed record ReportConfusion(
    string Title,
    IReadOnlyList<string> Classes,
    IReadOnlyList<IReadOnlyList<long>> Counts,
    string? Model = null
);
