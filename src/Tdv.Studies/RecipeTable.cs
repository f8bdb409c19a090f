using System.Globalization;
using System.Runtime.Intrinsics.X86;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Studies;

/// <summary>
/// The figures of all runs in a text file that is kept: a line for each run, which grows with every part that is evaluated;
/// columns between tabs.
/// </summary>
internal sealed class RecipeTable(string path)
{
    private const char Separator = '\t';
    private static readonly string[] Names = ["recipe", "seed", "steps", "size"];
    private static readonly string[] Circumstances = ["seconds", "cpu", "date"];

    /// <summary>Notes a run's figures; those of other parts, and of other runs, stay.</summary>
    /// <exception cref="UserException">The file is there, but is no such table.</exception>
    public void Note(RecipeRun run, IReadOnlyDictionary<string, double> figures)
    {
        var (columns, rows) = Read();
        string[] names = [run.Recipe.Key, Text(run.Seed), Text(run.Steps), Text(run.Size)];
        var row = rows.Find(known => Names.Select(known.GetValueOrDefault).SequenceEqual(names));
        if (row is null)
        {
            rows.Add(row = Names.Zip(names).ToDictionary(pair => pair.First, pair => pair.Second));
        }

        var added = figures.Where(figure => row.GetValueOrDefault(figure.Key) != Text(figure.Value)).ToList();
        if (added.Count == 0)
        {
            return;
        }

        foreach (var (name, value) in added)
        {
            row[name] = Text(value);
        }

        row["cpu"] = Processor();
        row["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string[] between = [.. columns.Union(figures.Keys).Except(Names).Except(Circumstances)];
        Write([.. Names, .. between, .. Circumstances], rows);
    }

    private (string[] Columns, List<Dictionary<string, string>> Rows) Read()
    {
        if (!File.Exists(path))
        {
            return ([], []);
        }

        string[][] lines =
        [
            .. File.ReadLines(path).Where(line => line.Length > 0).Select(line => line.Split(Separator)),
        ];
        string[] columns = lines.FirstOrDefault() ?? [];
        return
            Names.Concat(Circumstances).All(columns.Contains)
            && columns.Distinct().Count() == columns.Length
            && lines.All(line => line.Length == columns.Length)
            ? (columns, [.. lines.Skip(1).Select(line => columns.Zip(line).ToDictionary(p => p.First, p => p.Second))])
            : throw new UserException(
                $"'{path}' is no table of a study of recipes: its first line names the columns {string.Join(", ", Names)}, "
                    + $"figures, {string.Join(", ", Circumstances)}, each once, and every line has as many. Name another with --table."
            );
    }

    private void Write(string[] columns, List<Dictionary<string, string>> rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        AtomicFile.Write(
            path,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
                writer.WriteLine(string.Join(Separator, columns));
                foreach (var row in rows)
                {
                    writer.WriteLine(string.Join(Separator, columns.Select(name => row.GetValueOrDefault(name, ""))));
                }
            }
        );
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Processor()
    {
        const string File = "/proc/cpuinfo";
        string? model = System.IO.File.Exists(File)
            ? System.IO.File.ReadLines(File).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        string instructions =
            Avx512F.IsSupported ? "AVX-512"
            : Avx2.IsSupported ? "AVX2"
            : "neither AVX2 nor AVX-512";
        return $"{model?.Split(':')[^1].Trim() ?? "unknown"} ({instructions}), {Environment.ProcessorCount} cores";
    }
}
