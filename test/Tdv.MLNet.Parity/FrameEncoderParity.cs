using Tdv.MLNet.Model;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Case A: the frame encoder, with native and interpolated position embeddings and with RoPE.</summary>
public sealed class FrameEncoderParity(ParityReport report)
{
    [Fact]
    public void Encoder()
    {
        foreach (var golden in Goldens.Cases('A'))
        {
            foreach (var (file, weights) in golden.Runs())
            {
                using var scope = NewDisposeScope();
                using var io = golden.Open(file);
                using var parameters = golden.Open(weights);
                Check($"A {file.Split('.')[0]}", golden, io, parameters, ScalarType.Float32);
                Check($"A {file.Split('.')[0]}", golden, io, parameters, ScalarType.Float64);
            }
        }

        report.AssertNothingMissed('A');
    }

    [Fact]
    public void Position_embedding()
    {
        foreach (var golden in Goldens.Cases('A').Where(golden => golden.Has("pos_embed_interpolation.safetensors")))
        {
            using var scope = NewDisposeScope();
            using var file = golden.Open("pos_embed_interpolation.safetensors");
            var errors = new List<(string, double)>();
            foreach (var name in file.Tensors.Keys.Where(name => !name.EndsWith("pos_embed", StringComparison.Ordinal)))
            {
                var parts = name.Split('.');
                var size = parts[1].Split('x').Select(int.Parse).ToArray();
                var stored = file[parts[0] + ".pos_embed"].Shape;
                var options = Architectures.Encoder(golden.Config, stored, (int)stored[2], depth: 0, heads: 1);
                using var init = new Initialization(0);
                using var encoder = new VisionTransformer(options, init);
                file.CopyTo(parts[0] + ".pos_embed", encoder.get_parameter("pos_embed")!);
                errors.Add((name, Compare.Relative(encoder.PositionFor(size[0], size[1]), file.Read(name))));
            }

            report.Add("A position embedding", "resized", errors, Tolerance.SingleOutputs);
        }

        report.AssertNothingMissed('A');
    }

    private void Check(string name, GoldenCase golden, SafetensorsFile io, SafetensorsFile weights, ScalarType type)
    {
        bool single = type == ScalarType.Float32;
        bool exact = !single && io.Tensors.ContainsKey("x_norm_clstoken.f64");
        string suffix = exact ? ".f64" : "";
        string kind = single ? "" : " float64";
        var input = io.Read("input").to_type(type).requires_grad_(true);
        bool rotary = name.Contains("rope", StringComparison.Ordinal);
        var options = Architectures.Encoder(golden.Config, weights, input.size(2));
        using var init = new Initialization(0);
        using var encoder = new VisionTransformer(options, init);
        Fill.Module(encoder, weights);
        encoder.to(type);
        var layers = rotary
            ? new RotaryEncoder(encoder, options.Heads).Forward(input)
            : encoder.Forward(input, [.. Enumerable.Range(1, options.Depth)]);
        var last = layers[^1];
        var cls = last.select(1, 0);
        var patches = last.narrow(1, 1, last.size(1) - 1);
        var errors = new List<(string, double)>
        {
            ("x_norm_clstoken", Compare.Relative(cls, io.Read("x_norm_clstoken" + suffix))),
            ("x_norm_patchtokens", Compare.Relative(patches, io.Read("x_norm_patchtokens" + suffix))),
        };
        // The product gives every layer behind the last norm; the reference's raw layers are brought there.
        var scale = encoder.get_parameter("norm.weight")!;
        var shift = encoder.get_parameter("norm.bias")!;
        for (int i = 0; i < options.Depth; i++)
        {
            var block = io.Read($"block_{i}{suffix}").to_type(type);
            var expected = nn.functional.layer_norm(block, [options.Dimension], scale, shift, 1e-6);
            errors.Add(($"block_{i}", Compare.Relative(layers[i], expected)));
        }

        bool native = input.size(2) == options.ImageSize && input.size(3) == options.ImageSize;
        report.Add(name, "outputs" + kind, errors, new Tolerance(golden, exact, mixed: !native).Outputs);
        (cls * io.Read("cotangent_cls")).sum().add((patches * io.Read("cotangent_patch")).sum()).backward();
        report.Add(
            name,
            "gradients" + kind,
            Gradients.Errors(encoder, io, [("input", input)]),
            Tolerance.SingleGradients
        );
    }
}
