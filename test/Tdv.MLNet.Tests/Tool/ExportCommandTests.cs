using Microsoft.ML.OnnxRuntime;
using Tdv.Tool.Commands;
using Xunit;

namespace Tdv.MLNet.Tests.Tool;

[Collection("console")]
public sealed class ExportCommandTests : IDisposable
{
    private static readonly string Official = Path.Combine(
        Repository.Root,
        "test/Tdv.MLNet.Parity/goldens/E_training_trajectory/state_init.safetensors"
    );

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Export_writes_the_inputs_and_outputs_that_were_asked_for()
    {
        string path = _folder["model.onnx"];
        string[] arguments =
        [
            .. new[] { "export", path, "--weights", Official, "--heads", "3", "--ignore-cls" },
            .. new[] { "--height", "28", "--width", "42", "--layers", "1", "3", "--cls", "--motion" },
        ];

        Assert.Equal(0, CommandLine.Run(arguments));

        using var session = new InferenceSession(path);
        Assert.Equal([-1, 3, 28, 42], session.InputMetadata["Frame"].Dimensions);
        Assert.Equal([-1, 3, 28, 42], session.InputMetadata["PreviousFrame"].Dimensions);
        Assert.Equal([-1, 2, 3, 96], session.OutputMetadata["Features"].Dimensions);
        Assert.Equal([-1, 96], session.OutputMetadata["Cls"].Dimensions);
        Assert.Equal([-1, 2, 3, 48], session.OutputMetadata["Motion"].Dimensions);
    }

    [Fact]
    public void Export_writes_a_model_for_any_size()
    {
        string path = _folder["model.onnx"];

        Assert.Equal(0, CommandLine.Run(["export", path, "--weights", Official, "--heads", "3", "--dynamic-size"]));

        using var session = new InferenceSession(path);
        Assert.Equal(["batch", "", "height", "width"], session.InputMetadata["Frame"].SymbolicDimensions);
        Assert.Equal(["batch", "gridHeight", "gridWidth", ""], session.OutputMetadata["Features"].SymbolicDimensions);
    }

    [Fact]
    public void One_size_and_any_size_contradict_each_other()
    {
        string path = _folder["model.onnx"];
        string[] arguments = ["export", path, "--weights", Official, "--dynamic-size", "--height", "28"];

        Assert.NotEqual(0, CommandLine.Run(arguments));

        Assert.False(File.Exists(path));
    }
}
