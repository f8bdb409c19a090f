namespace Tdv.MLNet.Documents.Notebooks;

/// <summary>A part of a program between two <c>// %%</c> lines.</summary>
/// <param name="IsMarkdown">Whether it is text, not code.</param>
/// <param name="Source">Without comment signs, if it is text.</param>
internal sealed record NotebookCell(bool IsMarkdown, string Source);
