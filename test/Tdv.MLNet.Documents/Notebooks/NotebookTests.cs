using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SkiaSharp;
using Tdv.MLNet.Packaging;
using Tdv.MLNet.Tests;
using Xunit;

namespace Tdv.MLNet.Documents.Notebooks;

/// <summary>
/// The programs of docs/notebooks run, and the notebooks beside them say the same. With TDV_UPDATE_NOTEBOOKS=1 the run
/// writes the notebooks anew, its outputs and pictures included.
/// </summary>
[Collection(nameof(PackedOnce))]
public class NotebookTests(PackedLibrary library)
{
    private const string UpdateVariable = "TDV_UPDATE_NOTEBOOKS";
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "notebooks");

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Theory]
    [InlineData("quickstart", 2)]
    [InlineData("motion", 1)]
    public void A_program_runs_and_its_notebook_says_the_same(string name, int pictures)
    {
        var program = new NotebookFile(Read($"{name}.cs"));
        using var run = new ProgramRun(library);

        var outputs = run.Run(name, program);

        Assert.Equal(program.Cells.Count(cell => !cell.IsMarkdown), outputs.Count);
        Assert.Equal(pictures, outputs.Sum(output => output.Pictures.Count));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            File.WriteAllText(
                Path.Combine(Folder, $"{name}.ipynb"),
                program.ToNotebook(outputs).ToJsonString(Indented) + "\n"
            );
        }

        var notebook = JsonNode.Parse(Read($"{name}.ipynb"))!;
        Assert.Equal(
            program.Cells.Select(cell => cell with { Source = program.SourceOf(cell) }),
            NotebookFile.CellsOf(notebook)
        );
        Assert.Equal(outputs.Select(Shape), StoredOutputs(notebook));
        CheckResult(name, outputs[^2].Text + outputs[^1].Text);
    }

    /// <summary>What the programs find out, which differs a little between machines.</summary>
    private static void CheckResult(string name, string text)
    {
        if (name == "quickstart")
        {
            double[] meanIoU =
            [
                .. text.Split("mIoU=")
                    .Skip(1)
                    .Select(part => double.Parse(part.Split(' ')[0], CultureInfo.InvariantCulture)),
            ];
            Assert.Equal(3, meanIoU.Length);
            // Three labeled frames; then one, and all that its mask was carried to.
            Assert.True(meanIoU[0] > 0.6, text);
            Assert.True(meanIoU[2] > meanIoU[1], text);
        }
        else
        {
            string[] alarms = text.Split("alarm at ")[1].Split(" s", StringSplitOptions.RemoveEmptyEntries);
            var times = alarms.Select(alarm => double.Parse(alarm.Trim(',', ' '), CultureInfo.InvariantCulture));
            // A pair of frames sees the odd motion if one of them does, for 2.25 seconds in all.
            int right = times.Count(time => time is > 2.9 and < 5.3);
            // Most of them are flagged, seventeen where the stored outputs come from.
            Assert.InRange(right, 8, 24);
            Assert.InRange(alarms.Length - right, 0, 1);
        }
    }

    /// <summary>Numbers of lines of text and sizes of pictures: these do not depend on the machine.</summary>
    private static string Shape(NotebookOutput output) =>
        $"{(output.Text.Length > 0 ? output.Text.Split('\n').Length : 0)} {string.Join(' ', output.Pictures.Select(SizeOf))}";

    private static IEnumerable<string> StoredOutputs(JsonNode notebook) =>
        from cell in notebook["cells"]!.AsArray()
        where (string?)cell["cell_type"] == "code"
        let outputs = cell["outputs"]!.AsArray()
        select Shape(
            new NotebookOutput(
                string.Concat(
                    outputs.SelectMany(output => output!["text"]?.AsArray() ?? []).Select(line => (string?)line)
                ),
                [
                    .. outputs
                        .Select(output => (string?)output!["data"]?["image/png"])
                        .OfType<string>()
                        .Select(Convert.FromBase64String),
                ]
            )
        );

    private static SKSizeI SizeOf(byte[] png)
    {
        using var picture = SKBitmap.Decode(png);
        return picture.Info.Size;
    }

    private static string Read(string name) => File.ReadAllText(Path.Combine(Folder, name)).ReplaceLineEndings("\n");
}
