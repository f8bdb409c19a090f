using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

public sealed class WeightsFormatTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-weights").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_content_decides_not_the_name()
    {
        using var scope = NewDisposeScope();
        (string, Tensor)[] tensors = [("x", ones(3))];
        // Names that lie
        TensorFiles.WriteSafetensors(At("a.pth"), tensors);
        TensorFiles.WriteCheckpoint(At("a.safetensors"), tensors);

        foreach (
            var (name, kind) in new[]
            {
                ("a.pth", typeof(SafetensorsFile)),
                ("a.safetensors", typeof(TorchCheckpointFile)),
            }
        )
        {
            using var file = WeightsFile.Open(At(name));
            Assert.IsType(kind, file);
            Assert.Equal(3, file.Read("x").sum().item<float>());
        }
    }

    [Fact]
    public void A_model_that_ML_NET_saved_is_recognized()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable([new Row { Value = 1 }]);
        ml.Model.Save(ml.Transforms.CopyColumns("Copy", nameof(Row.Value)).Fit(data), data.Schema, At("a.zip"));

        AssertRefused(
            "a.zip",
            "is a model that ML.NET saved, not a file of weights. Load it with mlContext.Model.Load."
        );
    }

    [Fact]
    public void Other_files_are_refused_with_the_remedy()
    {
        File.WriteAllBytes(At("empty"), []);
        File.WriteAllText(At("text"), "Hello, this is a text file.");
        // How torch.save began its files before PyTorch 1.6
        File.WriteAllBytes(
            At("legacy"),
            [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']
        );
        using (var zip = ZipFile.Open(At("zip"), ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("a.txt").Open();
            entry.Write(Encoding.ASCII.GetBytes("text"));
        }

        const string Neither =
            ": expected a safetensors file or a PyTorch checkpoint (.pth, .pt, .ckpt), found neither.";
        AssertRefused("empty", " is empty, or no plain file.");
        AssertRefused("text", Neither);
        AssertRefused("zip", Neither);
        AssertRefused(
            "legacy",
            " was saved by a PyTorch before 1.6, or is a bare pickle, which is not read. "
                + "In Python, run torch.save(torch.load(path, map_location='cpu'), path) with a newer PyTorch."
        );
        File.WriteAllBytes(At("short"), File.ReadAllBytes(At("zip"))[..40]);
        AssertRefused("short", " is not a valid zip archive: its table of contents is missing.");
        Assert.Throws<FileNotFoundException>(() => WeightsFile.Open(At("missing")));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void AssertRefused(string name, string reason)
    {
        var exception = Assert.Throws<InvalidDataException>(() => WeightsFile.Open(At(name)));
        Assert.StartsWith($"'{At(name)}'", exception.Message);
        Assert.Contains(reason, exception.Message);
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
