using System.Text.Json;
using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Case F: losses, gradients and centers of the recipe and its variants, one forward and backward pass each.</summary>
public sealed class VariantsParity(ParityReport report)
{
    /// <summary>Patches along an edge in the official code's rotary attention, where nobody overrides it.</summary>
    private const int OfficialGrid = 16;

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
        using var first = golden.Open(States(flags)[0]);
        var network = Network(golden, flags, first, clip.size(3));
        using var state = new TrainingState(network, 0);
        state.To(CPU, type);
        using var objective = new ReferenceObjective(state, flags, type);
        Load(golden, flags, objective);
        var losses = objective.Backward(clip);
        string kind = exact ? " float64" : "";
        bool native = clip.size(3) == network.ImageSize && clip.size(4) == network.ImageSize;
        double tolerance = new Tolerance(golden, exact, mixed: flags.IsRotary || !native).Outputs;
        report.Add($"F {variant.Name}", "losses" + kind, LossErrors(golden, variant.Name, losses, exact), tolerance);
        CheckGradientsAndCenters(
            golden,
            variant.Name,
            objective,
            exact,
            flags.IsRotary && network.Grid == OfficialGrid
        );
    }

    private void CheckGradientsAndCenters(
        GoldenCase golden,
        string variant,
        ReferenceObjective objective,
        bool exact,
        bool rotary
    )
    {
        string kind = exact ? " float64" : "";
        if (golden.Has($"grads_{variant}.safetensors"))
        {
            using var gradients = golden.Open($"grads_{variant}.safetensors");
            var ours = objective
                .NamedTensors()
                .ToDictionary(entry => Fill.OfficialName(entry.Name, gradients), entry => entry.Tensor);
            var errors = gradients.Tensors.Keys.Select(name =>
                (name, Gradients.Error(name, ours[name].grad!, gradients.Read(name)))
            );
            double tolerance = rotary && !exact ? Tolerance.SingleRotaryGradients : Tolerance.SingleGradients;
            report.Add($"F {variant}", "gradients" + kind, errors.ToList(), tolerance);
        }

        if (golden.Has("centres_after.safetensors"))
        {
            using var centers = golden.Open("centres_after.safetensors");
            string[] names = ["dino_cce_loss.center", "ibot_cce_loss.center"];
            var ours = objective.NamedTensors().ToDictionary();
            report.Add(
                $"F {variant}",
                "centers" + kind,
                [.. names.Select(name => (name, Compare.Relative(ours[name], centers.Read($"{variant}.{name}"))))],
                Tolerance.SingleOutputs
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

    private static NetworkOptions Network(GoldenCase golden, RecipeFlags flags, WeightsFile state, long imageSize)
    {
        int patch = (int)state["frame_encoder.patch_embed.proj.weight"].Shape[2];
        var options = Architectures.Tiny(golden.Config, patch) with { AttendCls = flags.AttendCls };
        return flags.IsRotary ? options with { ImageSize = (int)imageSize } : options;
    }

    private static void Load(GoldenCase golden, RecipeFlags flags, ReferenceObjective objective)
    {
        var files = States(flags).Select(golden.Open).ToList();
        foreach (var (name, tensor) in objective.NamedTensors())
        {
            Fill.Tensor(name, tensor, files);
        }

        files.ForEach(file => file.Dispose());
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
