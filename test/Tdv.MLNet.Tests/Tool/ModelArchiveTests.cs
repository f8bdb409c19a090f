using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Tdv.MLNet.Tests.Pretraining;
using Tdv.Tool.Pipeline;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

public sealed class ModelArchiveTests : IDisposable
{
    private const uint CentralHeader = 0x02014b50;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tdv-archive-");

    private string Inner => Directory.CreateDirectory(Path.Combine(_folder.FullName, "a", "b")).FullName;

    private string Model => Path.Combine(Inner, "model.zip");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_model_is_accepted()
    {
        Save();
        ModelArchive.Check(Model);
    }

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("a/../../evil.txt")]
    [InlineData("a\\..\\..\\evil.txt")]
    [InlineData("/tmp/tdv-evil.txt")]
    [InlineData("c:evil.txt")]
    public void An_entry_that_leads_out_of_the_folder_is_refused(string name)
    {
        Save();
        Add(name);
        var error = Assert.Throws<InvalidDataException>(() => ModelArchive.Check(Model));
        Assert.Equal(
            $"The model '{Model}' is damaged or hostile: its entry '{name}' leads out of its folder.",
            error.Message
        );
    }

    [Fact]
    public void MLNet_itself_writes_no_entry_outside()
    {
        Save();
        Add("../evil.txt");
        Add("TransformerChain/../../../evil.txt");
        using var loaded = (IDisposable)new MLContext(1).Model.Load(Model, out _);
        Assert.Empty(Directory.EnumerateFiles(_folder.FullName, "evil*", SearchOption.AllDirectories));
        Assert.False(File.Exists(Path.Combine(Path.GetTempPath(), "evil.txt")));
    }

    [Fact]
    public void An_entry_that_announces_more_than_its_bytes_can_hold_is_refused()
    {
        Save();
        byte[] bytes = File.ReadAllBytes(Model);
        int header = Enumerable
            .Range(0, bytes.Length - 4)
            .First(at => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == CentralHeader);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(header + 24), int.MaxValue - 1);
        File.WriteAllBytes(Model, bytes);
        var error = Assert.Throws<InvalidDataException>(() => ModelArchive.Check(Model));
        Assert.Contains("announces 2147483646 bytes in ", error.Message, StringComparison.Ordinal);
    }

    private void Save()
    {
        var ml = new MLContext(1);
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", model).Fit(Clips.View(ml, 1));
        ml.Model.Save(transformer, null, Model);
    }

    private void Add(string name)
    {
        using var zip = ZipFile.Open(Model, ZipArchiveMode.Update);
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(Encoding.ASCII.GetBytes("out of bounds"));
    }
}
