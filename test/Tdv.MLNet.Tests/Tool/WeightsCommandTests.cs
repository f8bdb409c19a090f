using Tdv.MLNet.Weights;
using Tdv.Tool.Commands;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class WeightsCommandTests : IDisposable
{
    private static readonly string Official = Path.Combine(
        Repository.Root,
        "test/Tdv.MLNet.Parity/goldens/E_training_trajectory/state_init.safetensors"
    );

    private static readonly string DinoV2 = Path.Combine(AppContext.BaseDirectory, "Weights", "assets", "dinov2.pth");

    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly StringWriter _told = new();
    private readonly StringWriter _complaints = new();

    public WeightsCommandTests()
    {
        Console.SetOut(_told);
        Console.SetError(_complaints);
    }

    public void Dispose()
    {
        Console.SetOut(_output);
        Console.SetError(_error);
        _folder.Dispose();
    }

    [Fact]
    public void Inspect_lists_the_tensors_and_tells_the_network()
    {
        Assert.Equal(0, Run("weights", "inspect", Official, "--heads", "3", "--ignore-cls"));

        AssertTold("frame_encoder.patch_embed.proj.weight", "F32", "[48, 3, 14, 14]");
        AssertTold("171 tensors");
        AssertTold("== A TDV network");
        AssertTold("frame encoder: 48 wide, 3 heads, 3 blocks, patches of 14 pixels, positions for 56×56 pixels");
        AssertTold("motion encoder: 3 blocks, positions for 56×56 pixels, does not attend to CLS");
        AssertTold("teacher and heads with 64 prototypes: training can go on");
        AssertTold("frame encoder: 114048 parameters");
    }

    [Fact]
    public void Inspect_knows_DINOv2()
    {
        Assert.Equal(0, Run("weights", "inspect", DinoV2));

        AssertTold("== A vision transformer, as of DINOv2");
        AssertTold("positions for 12×12 pixels, LayerScale, 2 registers");
        AssertTold("not used: mask_token");
    }

    [Fact]
    public void Convert_writes_what_the_name_asks_for()
    {
        string path = _folder["a.pth"];

        Assert.Equal(0, Run("weights", "convert", Official, "--out", path, "--heads", "3", "--teacher"));

        AssertTold($"saved {path}");
        using var official = WeightsFile.Open(Official);
        using var converted = Assert.IsType<TorchCheckpointFile>(WeightsFile.Open(path));
        using var expected = official.Read("teacher_frame_encoder.norm.weight");
        using var actual = converted.Read("frame_encoder.norm.weight");
        Assert.Equal(expected.bytes.ToArray(), actual.bytes.ToArray());
    }

    [Fact]
    public void What_cannot_be_is_told_in_one_message()
    {
        string text = _folder.Write("a.pth", "not weights");

        Assert.Equal(1, Run("weights", "inspect", "none.pth"));
        Assert.Equal(1, Run("weights", "convert", text, "--out", _folder["b.pth"]));
        Assert.Equal(1, Run("weights", "convert", DinoV2, "--teacher", "--out", _folder["b.pth"]));
        Assert.Equal(1, Run("weights", "convert", DinoV2, "--out", _folder["b.ckpt"]));
        Assert.Equal(2, Run("weights", "convert", DinoV2));

        string complaints = _complaints.ToString();
        Assert.Contains("error: The file 'none.pth' does not exist.", complaints, StringComparison.Ordinal);
        Assert.Contains(
            $"error: '{text}': expected a safetensors file or a PyTorch",
            complaints,
            StringComparison.Ordinal
        );
        Assert.Contains("has no teacher", complaints, StringComparison.Ordinal);
        Assert.Contains("only Lightning writes .ckpt files", complaints, StringComparison.Ordinal);
        Assert.Contains("error: Option '--out' is required.", complaints, StringComparison.Ordinal);
        Assert.Contains("See: tdv weights convert --help", complaints, StringComparison.Ordinal);
    }

    private static int Run(params string[] arguments) => CommandLine.Run(arguments);

    /// <summary>One line holds all of these.</summary>
    private void AssertTold(params string[] parts) =>
        Assert.Contains(
            _told.ToString().Split('\n'),
            line => parts.All(part => line.Contains(part, StringComparison.Ordinal))
        );
}
