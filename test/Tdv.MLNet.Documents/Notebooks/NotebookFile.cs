using System.Text.Json.Nodes;

namespace Tdv.MLNet.Documents.Notebooks;

/// <summary>A program whose <c>// %%</c> lines part it into cells, and the notebook made of it.</summary>
internal sealed class NotebookFile
{
    private const string Mark = "// %%";
    private const string MarkdownMark = "// %% [markdown]";
    private const string Package = "#:package ";
    private readonly string[] _directives;

    public NotebookFile(string source)
    {
        string[] parts = source.Split($"\n{Mark}");
        _directives = parts[0].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Cells =
        [
            .. parts[1..]
                .Select(part => (Mark + part).Split('\n', 2))
                .Select(part => new NotebookCell(part[0] == MarkdownMark, part[1].Trim('\n')))
                .Select(cell => cell.IsMarkdown ? cell with { Source = cell.Source.Replace("// ", "") } : cell),
        ];
    }

    public IReadOnlyList<NotebookCell> Cells { get; }

    /// <summary>The program again; before each cell of code it writes a line that says that the cell begins.</summary>
    /// <param name="beginning">That line.</param>
    public string WithBeginnings(string beginning)
    {
        var code = Cells.Where(cell => !cell.IsMarkdown).Select(cell => cell.Source).ToArray();
        // Usings come first in a program: its first cell begins where it does.
        string[] marked = [code[0], .. code[1..].Select(cell => $"Console.WriteLine(\"{beginning}\");\n{cell}")];
        return string.Join("\n\n", _directives.Concat(marked));
    }

    /// <param name="outputs">Of the cells of code, in their order.</param>
    public JsonObject ToNotebook(IReadOnlyList<NotebookOutput> outputs)
    {
        var cells = new JsonArray();
        int number = 0;
        foreach (var cell in Cells)
        {
            cells.Add(
                cell.IsMarkdown
                    ? new JsonObject
                    {
                        ["cell_type"] = "markdown",
                        ["metadata"] = new JsonObject(),
                        ["source"] = Lines(cell.Source),
                    }
                    : new JsonObject
                    {
                        ["cell_type"] = "code",
                        ["execution_count"] = number + 1,
                        ["metadata"] = new JsonObject(),
                        ["outputs"] = Outputs(outputs[number++]),
                        ["source"] = Lines(SourceOf(cell)),
                    }
            );
        }

        return new JsonObject
        {
            ["cells"] = cells,
            ["metadata"] = new JsonObject
            {
                ["kernelspec"] = new JsonObject
                {
                    ["display_name"] = ".NET (C#)",
                    ["language"] = "C#",
                    ["name"] = ".net-csharp",
                },
                ["language_info"] = new JsonObject { ["name"] = "C#" },
            },
            ["nbformat"] = 4,
            ["nbformat_minor"] = 4,
        };
    }

    /// <summary>The sources of a notebook's cells, text and code.</summary>
    public static IEnumerable<NotebookCell> CellsOf(JsonNode notebook) =>
        notebook["cells"]!
            .AsArray()
            .Select(cell => new NotebookCell(
                (string?)cell!["cell_type"] == "markdown",
                string.Concat(cell["source"]!.AsArray().Select(line => (string?)line))
            ));

    /// <summary>The cell as a notebook has it: the first one of code also loads the packages.</summary>
    public string SourceOf(NotebookCell cell)
    {
        if (cell != Cells.First(other => !other.IsMarkdown))
        {
            return cell.Source;
        }

        var packages = _directives
            .Where(line => line.StartsWith(Package, StringComparison.Ordinal))
            .Select(line => $"#r \"nuget: {line[Package.Length..].Replace("@", ", ", StringComparison.Ordinal)}\"\n");
        return string.Concat(packages) + cell.Source;
    }

    private static JsonArray Outputs(NotebookOutput output)
    {
        var all = new JsonArray();
        if (output.Text.Length > 0)
        {
            all.Add(
                new JsonObject
                {
                    ["name"] = "stdout",
                    ["output_type"] = "stream",
                    ["text"] = Lines(output.Text),
                }
            );
        }

        foreach (byte[] picture in output.Pictures)
        {
            all.Add(
                new JsonObject
                {
                    ["data"] = new JsonObject { ["image/png"] = Convert.ToBase64String(picture) },
                    ["metadata"] = new JsonObject(),
                    ["output_type"] = "display_data",
                }
            );
        }

        return all;
    }

    /// <summary>As notebooks keep texts: a list of lines, each but the last with its end.</summary>
    private static JsonArray Lines(string text)
    {
        string[] lines = text.Split('\n');
        return [.. lines.Select((line, i) => (JsonNode)(i < lines.Length - 1 ? line + "\n" : line))];
    }
}
