using System.Globalization;
using Xunit;

[assembly: AssemblyFixture(typeof(Tdv.MLNet.Parity.ParityReport))]

namespace Tdv.MLNet.Parity;

/// <summary>Collects what was compared and prints it as a table at the end.</summary>
public sealed class ParityReport : IDisposable
{
    private readonly record struct Row(
        string Case,
        string Quantity,
        double Error,
        double Tolerance,
        int Count,
        string Worst
    );

    private readonly List<Row> _rows = [];

    public void Dispose()
    {
        Console.WriteLine($"Compared with {Goldens.Folder}");
        Console.WriteLine($"{"case", -38} {"quantity", -34} {"values", 7} {"worst error", 12} {"tolerance", 10}");
        foreach (var row in _rows.OrderBy(row => row.Case, StringComparer.Ordinal))
        {
            var verdict = row.Error <= row.Tolerance ? "" : "  MISSED";
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{row.Case, -38} {row.Quantity, -34} {row.Count, 7} {row.Error, 12:0.0e+0} {row.Tolerance, 10:0.0e+0}{verdict}"
                )
            );
        }
    }

    /// <summary>Adds the worst of several comparisons.</summary>
    internal void Add(
        string name,
        string quantity,
        IReadOnlyCollection<(string Name, double Error)> errors,
        double tolerance
    )
    {
        Assert.True(errors.Count > 0, $"{name}: there is nothing to compare for {quantity}.");
        // Not a number is worse than any number.
        var worst = errors.MaxBy(error => double.IsNaN(error.Error) ? double.PositiveInfinity : error.Error);
        lock (_rows)
        {
            _rows.Add(new Row(name, quantity, worst.Error, tolerance, errors.Count, worst.Name));
        }
    }

    /// <summary>Fails with everything that missed its tolerance in the cases of a letter.</summary>
    internal void AssertNothingMissed(char letter)
    {
        string[] missed = Missed(letter);
        Assert.True(missed.Length == 0, string.Join('\n', missed));
    }

    /// <summary>What missed its tolerance in the cases of a letter.</summary>
    internal string[] Missed(char letter)
    {
        lock (_rows)
        {
            return [.. _rows.Where(row => row.Case[0] == letter && !(row.Error <= row.Tolerance)).Select(Describe)];
        }
    }

    private static string Describe(Row row) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Case}, {row.Quantity}: expected an error of at most {row.Tolerance:0.0e+0}, found {row.Error:0.00e+0} in '{row.Worst}'."
        );
}
