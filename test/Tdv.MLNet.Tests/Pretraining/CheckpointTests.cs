using Tdv.MLNet.Foundation;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>A checkpoint whose checksum is right may still be anybody's.</summary>
public sealed class CheckpointTests
{
    private const string Good = """
        {"Step":7,"Elapsed":"00:00:09","Data":{"Pass":0,"Taken":14,"Cached":false,"Known":14,"Fingerprint":"AB"},
        "Run":{"Options":{"Seed":"3"},"Recipe":{},"Machine":{}}}
        """;

    public CheckpointTests() => LibTorchLoader.EnsureAvailable();

    [Fact]
    public void A_good_description_is_read()
    {
        var info = Describe(Good);
        Assert.Equal(7, info.Step);
        Assert.Equal(new DataPosition(0, 14, Cached: false, 14, "AB"), info.Data);
        Assert.Equal("3", info.Run.Options["Seed"]);
    }

    [Theory]
    [InlineData("\"Step\":7", "\"Step\":-1")]
    [InlineData("\"Step\":7", "\"Step\":1e99")]
    [InlineData("00:00:09", "-00:00:09")]
    [InlineData("00:00:09", "10675199.02:48:05")]
    [InlineData("\"Pass\":0", "\"Pass\":-1")]
    [InlineData("\"Taken\":14", "\"Taken\":-14")]
    [InlineData("\"Known\":14", "\"Known\":-14")]
    [InlineData("\"AB\"", "null")]
    [InlineData("\"3\"", "null")]
    [InlineData("{\"Options\":{\"Seed\":\"3\"},\"Recipe\":{},\"Machine\":{}}", "null")]
    [InlineData("\"Recipe\":{}", "\"Recipe\":null")]
    [InlineData("{\"Step\"", "null{\"Step\"")]
    public void A_hostile_description_is_refused(string good, string bad)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        var error = Assert.Throws<InvalidDataException>(() =>
            Describe(Good.Replace(good, bad, StringComparison.Ordinal))
        );
        Assert.Equal(
            "'a' describes its training ('tdv.checkpoint') in a way that this version cannot read.",
            error.Message
        );
    }

    [Fact]
    public void Weights_alone_are_no_checkpoint() =>
        Assert.Equal(
            "'a' holds weights, but is no checkpoint of a training.",
            Assert.Throws<InvalidDataException>(() => Describe(null)).Message
        );

    private static CheckpointInfo Describe(string? json)
    {
        using var tensor = zeros(2);
        using var stream = new MemoryStream();
        var metadata = json is null ? [] : new Dictionary<string, string> { ["tdv.checkpoint"] = json };
        Safetensors.Write(stream, [TensorSource.Of(("a", tensor))], metadata);
        using var file = SafetensorsFile.Open(new MappedBytes(stream.ToArray(), "a"));
        return Checkpoint.Describe(file);
    }
}
