using System.Text;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;
using Tdv.Tool.Reporting;

namespace Tdv.MLNet.Torture;

/// <summary>The files of a run that <c>tdv report</c> and a training that goes on read.</summary>
internal static class RunSamples
{
    private const string Step =
        """{"step":1,"steps":9,"loss":9,"meanSquaredError":1,"clsLoss":1,"patchLoss":1,"predictionGain":0.5,"learningRate":1E-3,"gradientNorm":1,"pairsPerSecond":10,"elapsed":"00:00:01","remaining":"00:00:09","pass":0,"waiting":"00:00:00","health":{"step":1,"deviation":0.8,"effectiveRank":4,"teacherEntropy":0.9}}""";

    private static readonly string Folder = Directory.CreateTempSubdirectory("tdv-torture-run-").FullName;

    public static IReadOnlyList<FuzzedReader> Readers { get; } =
    [
        Reader(
            "run.json",
            "run.json",
            """{"starts":[{"time":"2026-01-01","command":["tdv"],"folder":"/","processors":2,"videos":[{"path":"a.mp4","bytes":1,"modified":"2026-01-01T00:00:00Z"}]}]}""",
            () => new RunFolder(Folder).Starts()
        ),
        Reader(
            "options.json",
            "checkpoints/options.json",
            """{"Options":{"Preset":"Tiny"},"Recipe":{"Steps":"1"},"Machine":{"Device":"cpu"}}""",
            () => RunFacts.Read(new RunFolder(Folder))
        ),
        Reader(
            "metrics.jsonl",
            "metrics.jsonl",
            $"{Step}\n{Step.Replace("\"step\":1", "\"step\":2", StringComparison.Ordinal)}\n",
            () => MetricsFile.Read(Path.Combine(Folder, "metrics.jsonl"))
        ),
        Reader(
            "evaluation.json",
            "evaluation.json",
            """{"mIoU":0.5,"mAcc":0.25,"pixelAcc":1,"classIoU":{"a":0.5,"b":null}}""",
            () => FiguresFile.Read(Path.Combine(Folder, "evaluation.json"))
        ),
        Reader(
            "tables of a run",
            "tables/t.json",
            """{"title":"t","note":"n","command":"c","columns":["a","mIoU"],"rows":[["x",1],["y",2]]}""",
            () => ResultFiles.Tables(Path.Combine(Folder, "tables"), new ResultOwners(Folder))
        ),
        Reader(
            "confusions of a run",
            "confusion/c.json",
            """{"title":"t","classes":["a","b"],"counts":[[1,2],[3,4]]}""",
            () => ResultFiles.Confusions(Path.Combine(Folder, "confusion"), new ResultOwners(Folder))
        ),
    ];

    private static FuzzedReader Reader(string name, string file, string sample, Action read)
    {
        string path = Path.Combine(Folder, file);
        return new(
            name.Replace(' ', '-'),
            () =>
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                return [Encoding.UTF8.GetBytes(sample)];
            },
            bytes =>
            {
                File.WriteAllBytes(path, bytes);
                read();
            },
            exception => exception is UserException
        );
    }
}
