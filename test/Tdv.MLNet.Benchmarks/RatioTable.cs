using System.Globalization;
using System.Text.Json;

namespace Tdv.MLNet.Benchmarks;

/// <summary>Runs benchmarks, prints a row for each ratio and writes them to <c>artifacts/bench</c>.</summary>
internal static class RatioTable
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <param name="name">The name of the file, <c>artifacts/bench/NAME.json</c> below the current folder.</param>
    /// <param name="benchmarks">What to run, in this order.</param>
    /// <returns>The exit code: 0 if there are rows and every bar is met, else 1.</returns>
    public static int Run(string name, IReadOnlyList<IRatioBenchmark> benchmarks)
    {
        var rows = new List<RatioRow>();
        Console.WriteLine($"{"ratio", 8} {"bar", 8}  {"met", -4} what");
        foreach (var row in benchmarks.SelectMany(benchmark => benchmark.Run()))
        {
            rows.Add(row);
            string bar = row.Bar?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
            string ratio = row.Ratio.ToString("F2", CultureInfo.InvariantCulture);
            Console.WriteLine($"{ratio, 8} {bar, 8}  {(row.Met ? "yes" : "NO"), -4} {row.Name}");
        }

        string path = Path.Combine("artifacts", "bench", name + ".json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(rows, Json));
        Console.WriteLine($"written to {path}");
        return rows.Count > 0 && rows.TrueForAll(row => row.Met) ? 0 : 1;
    }
}
