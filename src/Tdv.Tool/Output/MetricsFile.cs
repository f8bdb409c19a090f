using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Tdv.MLNet;
using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Output;

/// <summary>A line of JSON for each step. What a resumed training does again replaces what is there.</summary>
internal sealed class MetricsFile(string path) : IProgress<StepReport>, IDisposable
{
    private static readonly JsonSerializerOptions Names = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        // A line may lack what a later version reports.
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireNothing } },
    };

    private StreamWriter? _file;

    public void Report(StepReport value)
    {
        if (_file is null)
        {
            KeepBefore(value.Step);
            // Each line reaches the system at once, where it survives the process.
            _file = new StreamWriter(path, append: true) { AutoFlush = true };
        }

        _file.WriteLine(JsonSerializer.Serialize(value, Names));
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>The steps in a file, in order; none where there is no file. Lines that are damaged are left out.</summary>
    public static IReadOnlyList<StepReport> Read(string path) =>
        PlainFile.Fault(path) is null
            ?
            [
                .. File.ReadLines(path)
                    .Select(Parse)
                    .OfType<StepReport>()
                    .DistinctBy(step => step.Step)
                    .OrderBy(step => step.Step),
            ]
            : [];

    private void KeepBefore(int step)
    {
        string[] kept = PlainFile.Fault(path) is null
            ? [.. File.ReadLines(path).Where(line => StepOf(line) < step)]
            : [];
        AtomicFile.Write(
            path,
            stream =>
            {
                using var writer = new StreamWriter(stream, leaveOpen: true);
                foreach (string line in kept)
                {
                    writer.WriteLine(line);
                }
            }
        );
    }

    /// <summary>The last line of a killed process may be cut short: it counts as of no step to keep.</summary>
    private static int StepOf(string line) => Parse(line)?.Step ?? int.MaxValue;

    private static StepReport? Parse(string line)
    {
        try
        {
            return
                JsonSerializer.Deserialize<StepReport>(line, Names) is { Step: > 0, Health: not null } report
                && report.Elapsed >= TimeSpan.Zero
                ? report
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void RequireNothing(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            property.IsRequired = false;
        }
    }
}
