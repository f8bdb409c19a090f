using System.Diagnostics;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

/// <summary><c>tdv doctor</c> in processes of their own.</summary>
public sealed class DoctorTests
{
    [Fact]
    public void With_everything_there_it_exits_with_0()
    {
        var (code, output) = Run(AppContext.BaseDirectory);
        Assert.True(code == 0, output);
        Assert.Contains("fine     libtorch", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_native_library_it_names_each_remedy_and_exits_with_1()
    {
        var folder = Directory.CreateTempSubdirectory("tdv-doctor-");
        try
        {
            // Without the .deps.json the host looks beside the program only.
            foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll"))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            const string Configuration = "Tdv.Tool.runtimeconfig.json";
            File.Copy(
                Path.Combine(AppContext.BaseDirectory, Configuration),
                Path.Combine(folder.FullName, Configuration)
            );

            var (code, output) = Run(folder.FullName);

            Assert.True(code == 1, output);
            Assert.Contains("PROBLEM  libtorch", output, StringComparison.Ordinal);
            Assert.Contains(
                "→ Add one package reference to the application: TorchSharp-cpu",
                output,
                StringComparison.Ordinal
            );
            Assert.Contains("PROBLEM  OpenCV", output, StringComparison.Ordinal);
            Assert.Contains("PROBLEM  SkiaSharp", output, StringComparison.Ordinal);
            Assert.Contains("fine     .NET", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (int Code, string Output) Run(string folder)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(folder, "Tdv.Tool.dll"), "doctor"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
