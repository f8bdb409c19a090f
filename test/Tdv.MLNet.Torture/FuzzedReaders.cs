using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Weights;
using Tdv.Tool.Importing;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.MLNet.Torture;

/// <summary>The readers of this library; a new one is added here.</summary>
internal static class FuzzedReaders
{
    private static readonly string Scratch = Path.Combine(
        Directory.CreateTempSubdirectory("tdv-torture-").FullName,
        "input"
    );

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        // The slowest first.
        new("model-entries", ModelSamples.Entries, ModelSamples.LoadEntries, IsModelError),
        new("model-zip", ModelSamples.Zips, LoadZip, IsModelError),
        new("checkpoint", CheckpointSamples.Whole, CheckpointSamples.RestoreDamaged, _ => false),
        new(
            "checkpoint-sealed",
            CheckpointSamples.Inner,
            CheckpointSamples.RestoreSealed,
            CheckpointSamples.IsDocumented
        ),
        new(
            "safetensors",
            Safetensors,
            ReadTensors(bytes => SafetensorsFile.Open(new MappedBytes(bytes, "a"))),
            IsInvalidData
        ),
        new(
            "pth",
            Checkpoints,
            ReadTensors(bytes => TorchCheckpointFile.Open(new MappedBytes(bytes, "a"))),
            IsInvalidData
        ),
        new("pickle", () => [.. Checkpoints().Select(Pickle)], ReadPickle, IsInvalidData),
        new(
            "network",
            () => [ModelSamples.Network()],
            bytes => TdvModel.FromBytes(bytes, "a").Dispose(),
            IsInvalidData
        ),
        new(
            "class-file",
            ClassFiles,
            bytes => WithFile(bytes, path => MaskClass.ReadFile(path)),
            e => e is FormatException
        ),
        new(
            "labeled-list",
            LabeledLists,
            bytes => WithFile(bytes, path => LabeledList.Read(path)),
            e => e is UserException
        ),
        new("tracks", Tracks, bytes => WithFile(bytes, path => TrackPoint.ReadFile(path)), e => e is FormatException),
        new("export-coco", ExportSamples.Coco, ExportSamples.Import(new CocoFormat()), ExportSamples.IsDocumented),
        new(
            "export-labelme",
            ExportSamples.Labelme,
            ExportSamples.Import(new LabelmeFormat()),
            ExportSamples.IsDocumented
        ),
        new("export-cvat", ExportSamples.Cvat, ExportSamples.Import(new CvatFormat()), ExportSamples.IsDocumented),
        new(
            "export-labelstudio",
            ExportSamples.LabelStudio,
            ExportSamples.Import(new LabelStudioFormat()),
            ExportSamples.IsDocumented
        ),
    ];

    private static bool IsInvalidData(Exception exception) => exception is InvalidDataException;

    /// <summary>
    /// ML.NET's reader of zips throws what its parts throw, ours among them, some of it wrapped. What must not lie
    /// underneath is a fault of our code, or memory that ran out.
    /// </summary>
    private static bool IsModelError(Exception exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            // The first frame that is not of the runtime says whose fault it is.
            bool ours =
                cause
                    .StackTrace?.Split('\n')
                    .FirstOrDefault(frame => !frame.Contains(" System.", StringComparison.Ordinal))
                    ?.Contains(" Tdv.MLNet.", StringComparison.Ordinal)
                ?? false;
            bool fault =
                cause
                is NullReferenceException
                    or IndexOutOfRangeException
                    or OverflowException
                    or InvalidCastException
                    or KeyNotFoundException
                    or DivideByZeroException;
            if (cause is OutOfMemoryException or AccessViolationException || (ours && fault))
            {
                return false;
            }
        }

        return exception
            is InvalidDataException
                or IOException
                or FormatException
                or ArgumentException
                or InvalidOperationException
                or NotSupportedException
                or TargetInvocationException
                or OverflowException
                or IndexOutOfRangeException
                or NullReferenceException;
    }

    private static Action<byte[]> ReadTensors(Func<byte[], WeightsFile> open) =>
        bytes =>
        {
            using var file = open(bytes);
            foreach (string name in file.Tensors.Keys)
            {
                using var tensor = file.Read(name);
            }
        };

    private static void ReadPickle(byte[] bytes)
    {
        var reader = new PickleReader(bytes, (_, type, elements) => new PickleStorage(type, 0, elements));
        var root = reader.Read();
        if (reader.Refused.Count == 0)
        {
            _ = StateDict.Tensors(root);
        }
    }

    private static void LoadZip(byte[] bytes)
    {
        var loaded = new MLContext(1).Model.Load(new MemoryStream(bytes), out _);
        (loaded as IDisposable)?.Dispose();
    }

    private static void WithFile(byte[] bytes, Action<string> read)
    {
        File.WriteAllBytes(Scratch, bytes);
        read(Scratch);
    }

    private static byte[][] Safetensors()
    {
        using var a = TorchSharp.torch.arange(6, TorchSharp.torch.ScalarType.Float32).view(2, 3);
        using var b = TorchSharp.torch.ones([1], TorchSharp.torch.ScalarType.Int64);
        using var c = TorchSharp.torch.zeros([0, 7], TorchSharp.torch.ScalarType.BFloat16);
        using var stream = new MemoryStream();
        Weights.Safetensors.Write(
            stream,
            [TensorSource.Of(("a", a)), TensorSource.Of(("b.weight", b)), TensorSource.Of(("cü", c))],
            new Dictionary<string, string> { ["format"] = "pt" }
        );
        return [stream.ToArray()];
    }

    private static byte[][] Checkpoints()
    {
        string assets = Path.Combine(AppContext.BaseDirectory, "assets");
        return
        [
            File.ReadAllBytes(Path.Combine(assets, "python.pth")),
            File.ReadAllBytes(Path.Combine(assets, "lightning.ckpt")),
        ];
    }

    private static byte[] Pickle(byte[] archive)
    {
        using var zip = new ZipArchive(new MemoryStream(archive));
        using var pickle = zip.Entries.First(entry => entry.Name == "data.pkl").Open();
        using var bytes = new MemoryStream();
        pickle.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[][] ClassFiles() =>
        [
            "# id name R G B\n0 Ground 60 90 60\n1 Square 220 60 40\n9 Border 0 0 0 ignore\n"u8.ToArray(),
            "\uFEFF0\tGround\t60\t90\t60\r\n1\ttraffic light\t220\t60\t40\r\n"u8.ToArray(),
            "0 \"a \"\"b\"\"\" 1 2 3\n7 \\#c 4 5 6 ignore\n"u8.ToArray(),
            Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("0 a 1 2 3\n")).ToArray(),
        ];

    private static byte[][] Tracks() =>
        ["video,point,frame,x,y,visible\na,b.mp4,0,0,1.5,2,1\na,b.mp4,0,1,NaN,NaN,0\n"u8.ToArray()];

    /// <summary>The files that they name lie beside the mutated list.</summary>
    private static byte[][] LabeledLists()
    {
        foreach (string name in new[] { "a.png", "b.png", "m.png" })
        {
            File.WriteAllBytes(Path.Combine(Path.GetDirectoryName(Scratch)!, name), []);
        }

        return
        [
            "# image mask\na.png m.png\n\n b.png\tm.png \n"u8.ToArray(),
            "a.png m.png a.png\r\nb.png m.png a.png\r\n./b.png ../input m.png\n"u8.ToArray(),
            "\uFEFF\"a.png\"\t.\\m.png\n\\#b.png \"m.png\" \n"u8.ToArray(),
        ];
    }
}
