using Tdv.MLNet.Model;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Case C: the projection head.</summary>
public sealed class ProjectionHeadParity(ParityReport report)
{
    [Fact]
    public void Head()
    {
        foreach (var golden in Goldens.Cases('C'))
        {
            using var scope = NewDisposeScope();
            using var io = golden.Open("io.safetensors");
            using var weights = golden.Open("weights.safetensors");
            var options = new NetworkOptions
            {
                ImageSize = 8,
                PatchSize = 8,
                Heads = 1,
                Depth = 0,
                MotionDepth = 0,
                Dimension = golden.Config.GetProperty("in_dim").GetInt32(),
                HeadHidden = golden.Config.GetProperty("hidden_dim").GetInt32(),
                HeadBottleneck = golden.Config.GetProperty("bottleneck_dim").GetInt32(),
                Prototypes = golden.Config.GetProperty("out_dim").GetInt32(),
            };
            using var init = new Initialization(0);
            using var head = new ProjectionHead(options, init);
            Fill.Module(head, weights);
            var input = io.Read("input").requires_grad_(true);
            var tokens = input.flatten(0, -2);
            var output = head.call(tokens);
            report.Add(
                "C head",
                "outputs",
                [
                    (
                        "bottleneck_normalised",
                        Compare.Relative(head.Bottleneck(tokens), io.Read("bottleneck_normalised"))
                    ),
                    (
                        "effective_last_layer_weight",
                        Compare.Relative(head.Prototypes(), io.Read("effective_last_layer_weight"))
                    ),
                    ("output", Compare.Relative(output, io.Read("output"))),
                ],
                Tolerance.SingleOutputs
            );
            (output * io.Read("cotangent").flatten(0, -2)).sum().backward();
            report.Add(
                "C head",
                "gradients",
                Gradients.Errors(head, io, [("input", input)]),
                Tolerance.SingleGradients
            );
            head.to(ScalarType.Float64);
            var exact = head.call(tokens.detach().to_type(ScalarType.Float64));
            report.Add(
                "C head",
                "outputs float64",
                [("output", Compare.Relative(exact, io.Read("output.f64")))],
                Tolerance.ExactOutputs
            );
        }

        report.AssertNothingMissed('C');
    }
}
