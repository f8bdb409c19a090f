using Tdv.MLNet.Featurizing;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Weights;
using Xunit;

namespace Tdv.MLNet.Tests.Featurizing;

/// <summary>A saved model's settings may be anybody's.</summary>
public sealed class HostileSettingsTests
{
    private const string Good = """
        {"OutputColumn":"F","InputColumn":"I","PreviousColumn":"P","ClsColumn":null,"MotionColumn":null,
        "ImageHeight":96,"ImageWidth":96,"Layers":[6],"BatchSize":8}
        """;

    private static readonly NetworkOptions Network = NetworkPresets.Of(TdvPreset.Tiny);

    [Fact]
    public void Good_settings_are_read() => Assert.Equal(96, FeatureSettings.Parse(Good, Network).ImageHeight);

    [Fact]
    public void Settings_saved_before_there_were_engines_leave_the_choice_to_the_machine() =>
        Assert.Equal(TdvEngine.Automatic, FeatureSettings.Parse(Good, Network).Engine);

    [Theory]
    [InlineData("\"ImageHeight\":96", "\"ImageHeight\":2147483640", "ImageHeight × ImageWidth is 2147483640 × 96")]
    [InlineData("\"ImageHeight\":96", "\"ImageHeight\":2147483648", "damaged")]
    [InlineData("\"ImageWidth\":96", "\"ImageWidth\":-8", "ImageWidth is -8; it must be a positive multiple")]
    [InlineData("\"BatchSize\":8", "\"BatchSize\":2147483647", "BatchSize is 2147483647; for images of 96 × 96")]
    [InlineData("\"BatchSize\":8", "\"BatchSize\":0", "BatchSize is 0; it must be at least 1.")]
    [InlineData("[6]", "[1,2000000000]", "the network has blocks 1 to 6")]
    [InlineData("[6]", "null", "Layers are missing.")]
    [InlineData("\"F\"", "\"\"", "OutputColumn is empty.")]
    [InlineData("\"F\"", "null", "OutputColumn is empty.")]
    [InlineData("{", "{\"Engine\":9,", "Engine is 9; it must be one of Automatic")]
    [InlineData("{", "[", "damaged")]
    public void Hostile_settings_are_refused_before_anything_is_allocated(string good, string bad, string message)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() =>
            FeatureSettings.Parse(Good.Replace(good, bad, StringComparison.Ordinal), Network)
        );
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    [Theory]
    [InlineData("\"Heads\":3", "\"Heads\":0")]
    [InlineData("\"Heads\":3", "\"Heads\":-3")]
    [InlineData("\"Prototypes\":1024", "\"Prototypes\":2000000000")]
    [InlineData("{", "null{")]
    public void A_hostile_description_of_the_network_is_refused(string good, string bad)
    {
        var metadata = NetworkDescription.Write(Network);
        Assert.NotNull(NetworkDescription.Read(metadata, "a"));
        metadata["tdv.network"] = metadata["tdv.network"].Replace(good, bad, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => NetworkDescription.Read(metadata, "a"));
    }
}
