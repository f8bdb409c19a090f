using System.Diagnostics;
using System.Globalization;
using Tdv.MLNet.Tests.Weights;

namespace Tdv.MLNet.Torture;

/// <summary>Mutated videos and pictures, decoded in a child process, which may crash or hang.</summary>
internal static class Decoding
{
    private const int FilesPerChild = 200;
    private const int MaxKept = 20;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(60);

    public static int Run(string kind, int files, int seed)
    {
        var samples = MediaSamples.Of(kind);
        var mutator = new Mutator(seed, [.. samples.Select(sample => sample.Bytes)]);
        int lost = 0;
        var clock = Stopwatch.StartNew();
        var counts = new Dictionary<string, int>();
        for (int done = 0; done < files; done += FilesPerChild)
        {
            var folder = Directory.CreateTempSubdirectory("tdv-decode-");
            int count = Math.Min(FilesPerChild, files - done);
            for (int i = 0; i < count; i++)
            {
                // The name's ending need not fit: FFmpeg, OpenCV and Skia look at the content.
                string path = Path.Combine(folder.FullName, $"{i:D4}{samples[i % samples.Count].Extension}");
                File.WriteAllBytes(path, mutator.Next());
            }

            for (int from = 0; from < count; )
            {
                var (next, fault) = RunChild(kind, folder.FullName, from, count, counts);
                if (fault is not null)
                {
                    string file = Directory.GetFiles(folder.FullName, $"{next:D4}.*").Single();
                    if (++lost <= MaxKept)
                    {
                        string name = $"{kind}-{seed}-{done + next}{Path.GetExtension(file)}";
                        Outcome.Keep(name, File.ReadAllBytes(file), fault);
                    }

                    next++;
                }

                from = next;
            }

            folder.Delete(recursive: true);
        }

        Console.WriteLine(
            $"{kind}: {string.Join(", ", counts.Select(entry => $"{entry.Value} {entry.Key}"))}; "
                + $"{samples.Count} samples, {clock.Elapsed.TotalSeconds:0} s"
        );
        return new Outcome($"mutated {kind}", files, lost).Print();
    }

    /// <returns>The first file that was not finished, and what happened to it.</returns>
    private static (int Next, string? Fault) RunChild(
        string kind,
        string folder,
        int from,
        int count,
        Dictionary<string, int> counts
    )
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                typeof(Decoding).Assembly.Location,
                "decode-child",
                kind,
                folder,
                from.ToString(CultureInfo.InvariantCulture),
            },
        };
        using var child = Process.Start(start)!;
        string error = "";
        child.ErrorDataReceived += (_, line) =>
            error = line.Data is null
                ? error
                : (error + line.Data + "\n")[^Math.Min(4000, error.Length + line.Data.Length + 1)..];
        child.BeginErrorReadLine();
        int next = from;
        while (true)
        {
            var line = child.StandardOutput.ReadLineAsync();
            if (!line.Wait(TimeLimit))
            {
                child.Kill();
                return (next, $"not decoded within {TimeLimit.TotalSeconds} s");
            }

            if (line.Result is not { } text)
            {
                break;
            }

            if (text.StartsWith("lost ", StringComparison.Ordinal))
            {
                child.Kill();
                return (next, text);
            }

            counts[text] = counts.GetValueOrDefault(text) + 1;
            next++;
        }

        child.WaitForExit();
        return (next, next == count ? null : $"the process ended with {child.ExitCode}: {error}");
    }
}
