using System.IO.Compression;
using Microsoft.ML;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Tests.Pretraining;
using Xunit;

namespace Tdv.MLNet.Tests.Weights;

public sealed class EntryBoundsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(16 << 20, 1000)]
    [InlineData(100 << 20, 1 << 20)]
    public void Weights_may_compress(long announced, long stored) => Assert.Null(EntryBounds.Fault(announced, stored));

    [Fact]
    public void An_entry_of_ours_is_refused_before_it_is_inflated()
    {
        string path = _folder["model.zip"];
        var ml = new MLContext(1);
        using (var model = TdvModel.Create(TdvPreset.Tiny, 1))
        {
            ml.Model.Save(ml.Transforms.TdvFeaturize("Features", "Frame", model).Fit(Clips.View(ml, 1)), null, path);
        }

        const int megabytes = 256;
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            var old = zip.Entries.Single(entry => entry.Name == "Weights.safetensors");
            string name = old.FullName;
            old.Delete();
            using var stream = zip.CreateEntry(name).Open();
            for (int i = 0; i < megabytes; i++)
            {
                stream.Write(new byte[1 << 20]);
            }
        }

        long before = GC.GetTotalAllocatedBytes();
        var error = Assert.ThrowsAny<Exception>(() => ml.Model.Load(path, out _));
        Assert.Contains(
            "The saved model is damaged or hostile: its entry '",
            error.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"Weights.safetensors' announces {megabytes << 20} bytes in ",
            error.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "; numbers of a model do not compress more than 100 to 1.",
            error.ToString(),
            StringComparison.Ordinal
        );
        Assert.True(GC.GetTotalAllocatedBytes() - before < 64 << 20);
    }
}
