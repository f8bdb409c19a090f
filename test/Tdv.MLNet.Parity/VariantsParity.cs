using System.Text.Json;
using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Case F: losses, gradients and centers of the recipe and its variants, one forward and backward pass each.</summary>
public sealed class VariantsParity(ParityReport report)
{
    private static readonly string[] Losses = ["loss", "mse_loss", "dino_loss", "ibot_loss"];

    [Fact]
    public void Variants()
    {
        foreach (var golden in Goldens.Cases('F'))
        {
            foreach (var variant in golden.Json.GetProperty("variants").EnumerateObject())
            {
                if (
                    States(new RecipeFlags(golden.Config).With(variant.Value)).All(golden.Has)
                    && golden.Has(Batch(golden, variant.Name))
                )
                {
                    Check(golden, variant, ScalarType.Float32);
                    Check(golden, variant, ScalarType.Float64);
                }
            }
        }

        report.AssertNothingMissed('F');
    }

    private void Check(GoldenCase golden, JsonProperty variant, ScalarType type)
    {
        using var scope = NewDisposeScope();
        bool exact = type == ScalarType.Float64;
        var flags = new RecipeFlags(golden.Config).With(variant.Value);
        using var file = golden.Open(Batch(golden, variant.Name));
        var clip = file.Read("batch").to_type(type);
        using var state = Load(golden, variant.Name, flags, clip.size(3), type);
        long pairs = clip.size(1) - 1;
        var losses = new TdvObjective(state, flags.Objective).Backward(
            clip.narrow(1, 0, pairs),
            clip.narrow(1, 1, pairs)
        );
        string kind = exact ? " float64" : "";
        // RoPE's angles are in single precision by design.
        double tolerance =
            !exact ? Compare.Outputs
            : flags.IsRotary ? Compare.ExactInterpolated
            : Compare.Exact;
        report.Add($"F {variant.Name}", "losses" + kind, LossErrors(golden, variant.Name, losses, exact), tolerance);
        CheckGradientsAndCenters(golden, variant.Name, state, exact);
    }

    private void CheckGradientsAndCenters(GoldenCase golden, string variant, TrainingState state, bool exact)
    {
        string kind = exact ? " float64" : "";
        if (golden.Has($"grads_{variant}.safetensors"))
        {
            using var gradients = golden.Open($"grads_{variant}.safetensors");
            var ours = state
                .NamedTensors()
                .ToDictionary(entry => Fill.OfficialName(entry.Name, gradients), entry => entry.Tensor);
            var errors = gradients.Tensors.Keys.Select(name =>
                (name, Gradients.Error(name, ours[name].grad!, gradients.Read(name)))
            );
            bool rotary = state.Network.Options is { Position: PositionKind.Rotary, Grid: 16 };
            double tolerance = rotary && !exact ? Compare.SingleRotaryGradients : Compare.Gradients;
            report.Add($"F {variant}", "gradients" + kind, errors.ToList(), tolerance);
        }

        if (golden.Has("centres_after.safetensors"))
        {
            using var centers = golden.Open("centres_after.safetensors");
            report.Add(
                $"F {variant}",
                "centers" + kind,
                [
                    ("dino_cce_loss", Compare.Relative(state.Center, centers.Read(variant + ".dino_cce_loss.center"))),
                    (
                        "ibot_cce_loss",
                        Compare.Relative(state.PatchCenter, centers.Read(variant + ".ibot_cce_loss.center"))
                    ),
                ],
                Compare.Outputs
            );
        }
    }

    private static List<(string, double)> LossErrors(GoldenCase golden, string variant, StepLosses losses, bool exact)
    {
        using var scalars = golden.Open("scalars.safetensors");
        var errors = new List<(string, double)>();
        foreach (string name in Losses)
        {
            string stored = $"{variant}.{name}{(exact ? ".f64" : "")}";
            if (scalars.Tensors.ContainsKey(stored))
            {
                var ours = name switch
                {
                    "loss" => losses.Total,
                    "mse_loss" => losses.MeanSquaredError,
                    "dino_loss" => losses.Cls,
                    _ => losses.Patch,
                };
                errors.Add((name, Compare.Relative(ours, scalars.Read(stored))));
            }
        }

        return errors;
    }

    private static TrainingState Load(
        GoldenCase golden,
        string variant,
        RecipeFlags flags,
        long imageSize,
        ScalarType type
    )
    {
        using var first = golden.Open(States(flags)[0]);
        int patch = (int)first["frame_encoder.patch_embed.proj.weight"].Shape[2];
        var options = Architectures.Tiny(golden.Config, patch) with
        {
            AttendCls = flags.AttendCls,
            Position = flags.IsRotary ? PositionKind.Rotary : PositionKind.Learned,
        };
        var state = new TrainingState(
            flags.IsRotary ? options with { ImageSize = (int)imageSize } : options,
            0,
            flags.HasPatchHead
        );
        var files = States(flags).Select(golden.Open).ToList();
        state.To(CPU, type);
        foreach (var (name, tensor) in state.NamedTensors())
        {
            var file = files.FindLast(file => file.Tensors.ContainsKey(Fill.OfficialName(name, file)))!;
            file.CopyTo(Fill.OfficialName(name, file), tensor);
        }

        files.ForEach(file => file.Dispose());
        return state;
    }

    private static string[] States(RecipeFlags flags) =>
        flags.IsRotary ? ["rope_state.safetensors"]
        : flags.HasPatchHead ? ["base_state.safetensors", "separate_ibot_extra_state.safetensors"]
        : ["base_state.safetensors"];

    private static string Batch(GoldenCase golden, string variant) =>
        golden.Json.GetProperty("files").TryGetProperty($"batch_{variant}.safetensors", out _)
            ? $"batch_{variant}.safetensors"
            : "batch.safetensors";
}
