using System.Diagnostics;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary>Processes of the command that are told to end, or have no temporary folder.</summary>
public sealed class StoppingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-INT", 1)]
    [InlineData("-TERM", 1)]
    [InlineData("-INT -INT", 130)]
    [InlineData("-TERM -TERM", 143)]
    public void A_training_ends_within_two_seconds_and_at_once_when_told_twice(string signals, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "kill is Unix's.");
        new Tdv.Samples.Demo.DemoData(
            new Tdv.Samples.Demo.DemoOptions { TrainClips = 2, TestClips = 1 },
            _folder["data"]
        ).Write();
        using var process = Start(
            null,
            "pretrain",
            "--videos",
            Path.Combine(_folder["data"], "videos", "train"),
            "--out",
            _folder["run"],
            "--steps",
            "100000"
        );
        while (process.StandardOutput.ReadLine() is { } line && !line.StartsWith("step ", StringComparison.Ordinal)) { }

        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        foreach (string signal in signals.Split(' '))
        {
            using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
            kill.WaitForExit();
        }

        process.WaitForExit();
        string errors = process.StandardError.ReadToEnd();
        Assert.True(process.ExitCode == expected, $"{process.ExitCode}: {errors}");
        if (expected == 1)
        {
            Assert.Contains("goes on from there.", errors, StringComparison.Ordinal);
            Assert.NotEmpty(
                Directory.GetFiles(Path.Combine(_folder["run"], "checkpoints"), "checkpoint-*.safetensors")
            );
            // Generous: other tests run beside.
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(6));
        }
        else
        {
            Assert.Contains("error: ended at once", errors, StringComparison.Ordinal);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(4));
        }
    }

    [Fact]
    public void Without_a_temporary_folder_libtorch_loads_all_the_same_and_doctor_tells_of_the_folder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "TMPDIR is Unix's.");
        using var process = Start(_folder["missing"], "doctor");
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("fine     libtorch", output, StringComparison.Ordinal);
        Assert.Contains("fine     video", output, StringComparison.Ordinal);
        Assert.Contains(
            $"PROBLEM  disk          the temporary folder '{_folder["missing"]}/' (TMPDIR; Windows: TEMP) is of no use: ",
            output,
            StringComparison.Ordinal
        );
        // Where TorchSharp gathers what it believes to be missing.
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")));
    }

    private static Process Start(string? temporary, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Tdv.Tool.dll"), .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (temporary is not null)
        {
            start.Environment["TMPDIR"] = temporary;
        }

        return Process.Start(start)!;
    }
}
