using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Weights;
using Xunit;

namespace Tdv.MLNet.Tests.Compatibility;

/// <summary>One model of each version, with every transformer of the library, and what it gave for a picture.</summary>
public sealed class SavedModelsTests
{
    private static readonly string Assets = Path.Combine(AppContext.BaseDirectory, "Compatibility", "assets");

    public static TheoryData<string> Versions =>
        [.. Directory.EnumerateDirectories(Assets).Select(folder => Path.GetFileName(folder))];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_model_of_an_earlier_version_predicts_what_it_did(string version)
    {
        var model = new MLContext(1).Model.Load(Asset(version, "model.zip"), out _);

        AssertExpected(version, model);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_model_of_an_earlier_version_survives_saving_and_its_weights_are_a_plain_file(string version)
    {
        var ml = new MLContext(1);
        var earlier = ml.Model.Load(Asset(version, "model.zip"), out var schema);
        using var saved = new MemoryStream();
        ml.Model.Save(earlier, schema, saved);

        AssertExpected(version, new MLContext(1).Model.Load(saved, out _));
        using var zip = new ZipArchive(saved);
        var entry = zip.Entries.Single(entry => entry.Name.EndsWith("Weights.safetensors", StringComparison.Ordinal));
        byte[] bytes = new byte[entry.Length];
        using (var stream = entry.Open())
        {
            stream.ReadExactly(bytes);
        }

        using var weights = SafetensorsFile.Open(new MappedBytes(bytes, entry.Name));
        Assert.Contains("frame_encoder.cls_token", weights.Tensors.Keys);
    }

    private static void AssertExpected(string version, ITransformer model)
    {
        var ml = new MLContext(1);
        var expected = JsonSerializer.Deserialize<Output>(File.ReadAllText(Asset(version, "expected.json")))!;
        var row = new Input
        {
            Path = Asset(version, "frame.png"),
            PreviousPath = Asset(version, "previous.png"),
            MaskPath = Asset(version, "mask.png"),
        };
        var view = model.Transform(ml.Data.LoadFromEnumerable([row]));
        var output = ml.Data.CreateEnumerable<Output>(view, reuseRowObject: false).Single();

        Assert.Equal(expected.Mask, output.Mask);
        Assert.Equal(expected.PredictedLabel, output.PredictedLabel);
        AssertClose(expected.Features, output.Features);
        AssertClose(expected.Cls, output.Cls);
        AssertClose(expected.Motion, output.Motion);
        AssertClose(expected.Attention, output.Attention);
        AssertClose(expected.Colors, output.Colors);
        // The classifier multiplies the features' last bits.
        AssertClose(expected.Score, output.Score, tolerance: 1e-3f);
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance = 1e-5f)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    private static string Asset(string version, string name) => Path.Combine(Assets, version, name);

    private sealed class Input
    {
        public string Path { get; set; } = "";

        public string PreviousPath { get; set; } = "";

        public string MaskPath { get; set; } = "";
    }

    private sealed class Output
    {
        public uint[] Mask { get; set; } = [];

        public uint[] PredictedLabel { get; set; } = [];

        public float[] Features { get; set; } = [];

        public float[] Cls { get; set; } = [];

        public float[] Motion { get; set; } = [];

        public float[] Attention { get; set; } = [];

        public float[] Colors { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
