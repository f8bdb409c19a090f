namespace Tdv.MLNet.Documents.Notebooks;

/// <summary>What a cell of code left behind.</summary>
/// <param name="Text">What it wrote on the console.</param>
/// <param name="Pictures">PNG files that it saved.</param>
internal sealed record NotebookOutput(string Text, IReadOnlyList<byte[]> Pictures);
