namespace Tdv.Tool.Reporting;

/// <summary>A confusion matrix, as <c>RUN/confusion/NAME.json</c> has it.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Classes">Their names.</param>
/// <param name="Counts">Pixels by true class, then by predicted class.</param>
internal sealed record ReportConfusion(
    string Title,
    IReadOnlyList<string> Classes,
    IReadOnlyList<IReadOnlyList<long>> Counts
);
