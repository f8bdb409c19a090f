using System.Diagnostics;
using Tdv.MLNet.Tests.Weights;

namespace Tdv.MLNet.Torture;

/// <summary>Feeds a reader mutated files: it may read or refuse them, nothing else.</summary>
internal static class Fuzz
{
    /// <summary>Managed bytes that one input may take.</summary>
    private const long MaxAllocated = 256 << 20;
    private const long MaxResident = 3L << 30;
    private const int MaxKept = 20;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(20);

    private static long _started;
    private static byte[] _input = [];

    public static int Run(FuzzedReader reader, int inputs, int seed)
    {
        StartWatch(reader.Name);
        var mutator = new Mutator(seed, reader.Samples());
        long accepted = 0;
        long lost = 0;
        long most = 0;
        double slowest = 0;
        var clock = Stopwatch.StartNew();
        for (int i = 0; i < inputs; i++)
        {
            _input = mutator.Next();
            Interlocked.Exchange(ref _started, Stopwatch.GetTimestamp());
            long before = GC.GetAllocatedBytesForCurrentThread();
            string? fault = Try(reader, _input, ref accepted);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            most = Math.Max(most, allocated);
            slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(_started).TotalSeconds);
            fault ??= allocated > MaxAllocated ? $"allocated {allocated} bytes" : null;
            fault ??=
                i % 1000 == 0 && Environment.WorkingSet > MaxResident
                    ? $"{Environment.WorkingSet} bytes resident"
                    : null;
            if (fault is not null && ++lost <= MaxKept)
            {
                Outcome.Keep($"{reader.Name}-{seed}-{i}.bin", _input, fault);
            }
        }

        Interlocked.Exchange(ref _started, 0);
        Console.WriteLine(
            $"{reader.Name}: {accepted} of {inputs} still readable; the most for one: {most >> 10} KiB, {slowest:0.00} s; "
                + $"{Environment.WorkingSet >> 20} MiB resident at the end, {clock.Elapsed.TotalSeconds:0} s"
        );
        return new Outcome($"mutated {reader.Name}", inputs, lost).Print();
    }

    /// <summary>Reads a kept file again.</summary>
    public static int One(FuzzedReader reader, string file)
    {
        _ = reader.Samples();
        reader.Read(File.ReadAllBytes(file));
        return 0;
    }

    private static string? Try(FuzzedReader reader, byte[] input, ref long accepted)
    {
        try
        {
            reader.Read(input);
            accepted++;
            return null;
        }
#pragma warning disable CA1031 // every other exception is what is searched for
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return reader.IsDocumented(exception) ? null : exception.ToString();
        }
    }

    /// <summary>A reader that hangs cannot be stopped; the process is.</summary>
    private static void StartWatch(string name)
    {
        var watch = new Thread(() =>
        {
            while (true)
            {
                Thread.Sleep(500);
                long started = Interlocked.Read(ref _started);
                if (started != 0 && Stopwatch.GetElapsedTime(started) > TimeLimit)
                {
                    Outcome.Keep($"{name}-hang.bin", _input, $"not read within {TimeLimit.TotalSeconds} s");
                    Environment.Exit(new Outcome($"mutated {name}", 1, 1).Print());
                }
            }
        })
        {
            IsBackground = true,
        };
        watch.Start();
    }
}
