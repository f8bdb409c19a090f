using Tdv.MLNet.Model;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Case B: the motion encoder, with CLS in and out of the condition, and the whole of TDV's forward pass.</summary>
public sealed class MotionEncoderParity(ParityReport report)
{
    private const string Forward = "tdv_forward.io.safetensors";

    [Fact]
    public void Encoder()
    {
        foreach (var golden in Goldens.Cases('B'))
        {
            foreach (var (file, weights) in golden.Runs().Where(run => run.File != Forward))
            {
                using var scope = NewDisposeScope();
                using var io = golden.Open(file);
                using var parameters = golden.Open(weights);
                Check($"B {file.Split('.')[0]}", golden, io, parameters, ScalarType.Float32);
                Check($"B {file.Split('.')[0]}", golden, io, parameters, ScalarType.Float64);
            }
        }

        report.AssertNothingMissed('B');
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Network(bool ignorePrefix)
    {
        foreach (var golden in Goldens.Cases('B').Where(golden => golden.Has(Forward)))
        {
            using var scope = NewDisposeScope();
            using var gradients = no_grad();
            using var io = golden.Open(Forward);
            using var network = Load(golden, attendCls: !ignorePrefix);
            string flag = ignorePrefix ? "ignore_prefix_true" : "ignore_prefix_false";
            report.Add("B tdv_forward", flag, Errors(network, io, flag, ScalarType.Float32), Tolerance.SingleForward);
            network.to(ScalarType.Float64);
            report.Add(
                "B tdv_forward",
                flag + " float64",
                Errors(network, io, flag, ScalarType.Float64),
                Tolerance.SingleOutputs
            );
        }

        report.AssertNothingMissed('B');
    }

    private static TdvNetwork Load(GoldenCase golden, bool attendCls)
    {
        using var weights = golden.Open("tdv_forward.weights.safetensors");
        using var motion = golden.Open("native.weights.safetensors");
        int depth = weights.Tensors.Keys.Count(name => name.EndsWith("norm2.weight", StringComparison.Ordinal));
        var options = Architectures.Encoder(golden.Config, motion, imageSize: 0);
        using var init = new Initialization(0);
        var network = new TdvNetwork(options with { AttendCls = attendCls, Depth = depth }, init);
        Fill.Module(network.FrameEncoder, weights, "frame_encoder.");
        Fill.Module(network.MotionEncoder!, motion);
        var projection = network
            .named_parameters()
            .Where(p => p.name.StartsWith("linear_fc", StringComparison.Ordinal));
        Fill.Tensors(projection.Select(p => (p.name, (Tensor)p.parameter)), weights);
        return network;
    }

    private static List<(string, double)> Errors(TdvNetwork network, SafetensorsFile io, string flag, ScalarType type)
    {
        var clip = io.Read("clip").to_type(type);
        long frames = clip.size(1) - 1;
        var previous = clip.narrow(1, 0, frames);
        var difference = (clip.narrow(1, 1, frames) - previous).flatten(0, 1);
        var condition = io.Read("condition").to_type(type).flatten(0, 1);
        var frame = network.FrameEncoder.Forward(previous.flatten(0, 1));
        return
        [
            ("rgb_diff", Compare.Relative(difference, io.Read("rgb_diff"))),
            ("frame_tokens", Compare.Relative(frame, io.Read("frame_tokens"))),
            (
                "encoded_rgb_diff",
                Compare.Relative(
                    network.MotionEncoder!.Forward(difference, condition),
                    io.Read("encoded_rgb_diff." + flag)
                )
            ),
            ("forward", Compare.Relative(network.EncodeMotion(difference, condition), io.Read("forward." + flag))),
        ];
    }

    private void Check(string name, GoldenCase golden, SafetensorsFile io, SafetensorsFile weights, ScalarType type)
    {
        bool single = type == ScalarType.Float32;
        bool exact = !single && io.Tensors.ContainsKey("x_norm_clstoken.f64");
        string suffix = exact ? ".f64" : "";
        string kind = single ? "" : " float64";
        var input = io.Read("input").to_type(type).requires_grad_(true);
        var condition = io.Read("condition").to_type(type).requires_grad_(true);
        // The file's condition is what the encoder receives: with or without CLS, all of it is attended.
        bool rotary = name.Contains("rope", StringComparison.Ordinal);
        var options = Architectures.Encoder(golden.Config, weights, input.size(2));
        using var init = new Initialization(0);
        using var encoder = new MotionEncoder(options, init);
        Fill.Module(encoder, weights);
        encoder.to(type);
        var output = rotary
            ? new RotaryEncoder(encoder, options.Heads).Forward(input, condition)[^1]
            : encoder.Forward(input, condition);
        var cls = output.select(1, 0);
        var patches = output.narrow(1, 1, output.size(1) - 1);
        bool native = input.size(2) == options.ImageSize && input.size(3) == options.ImageSize;
        report.Add(
            name,
            "outputs" + kind,
            [
                ("x_norm_clstoken", Compare.Relative(cls, io.Read("x_norm_clstoken" + suffix))),
                ("x_norm_patchtokens", Compare.Relative(patches, io.Read("x_norm_patchtokens" + suffix))),
            ],
            new Tolerance(golden, exact, mixed: !native).Outputs
        );
        (cls * io.Read("cotangent_cls")).sum().add((patches * io.Read("cotangent_patch")).sum()).backward();
        report.Add(
            name,
            "gradients" + kind,
            Gradients.Errors(encoder, io, [("input", input), ("condition", condition)]),
            Tolerance.SingleGradients
        );
    }
}
