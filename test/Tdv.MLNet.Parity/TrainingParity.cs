using System.Globalization;
using System.Text.RegularExpressions;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>
/// Case E: several steps of training. Losses, gradient norms, learning rates, gradients of the first step, and every
/// parameter, teacher and center afterwards.
/// </summary>
public sealed partial class TrainingParity(ParityReport report)
{
    private const string Scalars = "scalars.safetensors";

    [Theory]
    [InlineData("")]
    [InlineData("f64_")]
    [InlineData("accum2_")]
    [InlineData("paper_cls_")]
    [InlineData("paper_cls_f64_")]
    public void Steps(string run)
    {
        foreach (var golden in Goldens.Cases('E').Where(golden => golden.Has(run + Scalars)))
        {
            Check(golden, run);
        }

        report.AssertNothingMissed('E');
    }

    /// <summary>Compares one run of a case.</summary>
    internal void Check(GoldenCase golden, string run)
    {
        using var scope = NewDisposeScope();
        CheckSteps(golden, run);
        CheckFirstGradients(golden, run);
    }

    private void CheckSteps(GoldenCase golden, string run)
    {
        bool exact = run.Contains("f64", StringComparison.Ordinal);
        int accumulation = Setting(golden, run, Accumulation(), 1);
        using var initial = golden.Open("state_init.safetensors");
        using var scalars = golden.Open(run + Scalars);
        using var state = Load(golden, run, initial);
        var options = Options(golden, run);
        using var trainer = new TdvTrainer(state, options);
        var batches = Batches(golden, exact);
        var tolerance = ToleranceOf(golden, batches, exact);
        var losses = new List<(string, double)>();
        var rates = new List<(string, double)>();
        for (int step = 0; (step + 1) * accumulation <= batches.Count; step++)
        {
            var result = trainer.Step(batches.GetRange(step * accumulation, accumulation));
            losses.Add(($"loss of step {step + 1}", Error(result.Loss, "loss")));
            losses.Add(($"MSE of step {step + 1}", Error(result.MeanSquaredError, "metric.mse_loss")));
            losses.Add(($"CLS loss of step {step + 1}", Error(result.ClsLoss, "metric.dino_loss")));
            losses.Add(($"patch loss of step {step + 1}", Error(result.PatchLoss, "metric.ibot_loss")));
            losses.Add(
                (
                    $"gradient norm of step {step + 1}",
                    Compare.Relative(result.GradientNorm, scalars.Read("grad_norm")[step].ToDouble())
                )
            );
            var stored = scalars.Read("lr").to_type(ScalarType.Float64)[step];
            rates.Add(($"step {step + 1}", Compare.Relative(result.LearningRate, stored[0].ToDouble())));
            rates.Add(
                (
                    $"step {step + 1}, motion",
                    Compare.Relative(
                        options.Schedule.LearningRate(step, options.MotionMultiplier),
                        stored[-1].ToDouble()
                    )
                )
            );
            CheckState(golden, run, step + 1, state, initial, exact, tolerance.States(step + 1));

            double Error(double actual, string name) =>
                Compare.Relative(
                    actual,
                    scalars
                        .Read(name)
                        .narrow(0, step * accumulation, accumulation)
                        .to_type(ScalarType.Float64)
                        .mean()
                        .ToDouble()
                );
        }

        double smallest = scalars.Read("loss").to_type(ScalarType.Float64).abs().min().ToDouble();
        report.Add(Name(run), "losses, gradient norms", losses, tolerance.Losses(smallest));
        report.Add(Name(run), "learning rates", rates, exact ? Tolerance.ExactOutputs : Tolerance.SingleOutputs);
    }

    private void CheckState(
        GoldenCase golden,
        string run,
        int step,
        TrainingState state,
        SafetensorsFile initial,
        bool exact,
        double tolerance
    )
    {
        string file = $"{run}state_step{step}.safetensors";
        if (!golden.Has(file))
        {
            return;
        }

        using var scope = NewDisposeScope();
        using var expected = golden.Open(file);
        var errors = new List<(string, double)>();
        foreach (var (name, tensor) in state.NamedTensors())
        {
            // The teacher's encoder begins as the student's copy: its first update is zero but for rounding.
            if (step > 1 || !name.StartsWith("teacher_frame_encoder", StringComparison.Ordinal))
            {
                errors.Add((name, Compare.Update(Part(tensor), Part(expected.Read(name)), Part(initial.Read(name)))));
            }

            Tensor Part(Tensor whole) => exact ? whole : Compare.WithoutKeyBias(name, whole);
        }

        report.Add(Name(run), $"state after step {step}", errors, tolerance);
    }

    private void CheckFirstGradients(GoldenCase golden, string run)
    {
        string file = run + "grads_step1.safetensors";
        if (!golden.Has(file))
        {
            return;
        }

        bool exact = run.Contains("f64", StringComparison.Ordinal);
        using var expected = golden.Open(file);
        using var initial = golden.Open("state_init.safetensors");
        using var state = Load(golden, run, initial);
        // The stored gradients are those before clipping.
        using var trainer = new TdvTrainer(state, Options(golden, run) with { GradientClip = double.PositiveInfinity });
        var batches = Batches(golden, exact);
        trainer.Step([batches[0]]);
        var ours = state.NamedTensors().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        var errors = expected.Tensors.Keys.Select(name =>
            (name, exact ? ExactError(name) : Gradients.Error(name, ours[name].grad!, expected.Read(name)))
        );
        double tolerance = ToleranceOf(golden, batches, exact).Gradients;
        report.Add(Name(run), "gradients of step 1", errors.ToList(), tolerance);

        // The keys' share of biases has no gradient but rounding noise, in double precision too.
        double ExactError(string name) =>
            Compare.Relative(
                Compare.WithoutKeyBias(name, ours[name].grad!),
                Compare.WithoutKeyBias(name, expected.Read(name))
            );
    }

    internal static TrainingState Load(GoldenCase golden, string run, SafetensorsFile initial)
    {
        int patch = (int)initial["frame_encoder.patch_embed.proj.weight"].Shape[2];
        var options = Architectures.Tiny(golden.Config, patch) with
        {
            AttendCls =
                run.StartsWith("paper_cls", StringComparison.Ordinal) || new RecipeFlags(golden.Config).AttendCls,
        };
        var state = new TrainingState(options, 0);
        state.To(CPU, run.Contains("f64", StringComparison.Ordinal) ? ScalarType.Float64 : ScalarType.Float32);
        Fill.Tensors(state.NamedTensors(), initial);
        return state;
    }

    internal static TrainingOptions Options(GoldenCase golden, string run)
    {
        var config = golden.Config;
        var tiny = config.GetProperty("tiny");
        double peak = tiny.GetProperty("peak_lr").GetDouble();
        int steps = tiny.GetProperty("max_scheduling_steps").GetInt32();
        return new TrainingOptions
        {
            Steps = steps,
            BatchSize = 1,
            Schedule = new Schedule(
                peak,
                tiny.GetProperty("warm_up_steps").GetInt32(),
                steps,
                peak / config.GetProperty("min_lr_scale").GetDouble()
            ),
            Objective = new RecipeFlags(config).Objective,
            MotionMultiplier = config.GetProperty("difference_encoder_lr_multiplier").GetDouble(),
            TeacherMomentum = config.GetProperty("ema_momentum").GetDouble(),
            WeightDecay = config.GetProperty("weight_decay").GetDouble(),
            GradientClip = Setting(golden, run, Clip(), config.GetProperty("gradient_clip_val").GetDouble()),
        };
    }

    /// <summary>What case.json says in words about a run's files: <c>name=value</c>.</summary>
    private static T Setting<T>(GoldenCase golden, string run, Regex pattern, T otherwise)
        where T : IParsable<T>
    {
        string family = run.Replace("f64_", "", StringComparison.Ordinal);
        var texts = golden
            .ListedFiles.Where(file => family.Length > 0 && file.StartsWith(family, StringComparison.Ordinal))
            .Select(golden.Meaning);
        var match = texts.Select(text => pattern.Match(text)).FirstOrDefault(match => match.Success);
        return match is null ? otherwise : T.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    internal static List<(Tensor, Tensor)> Batches(GoldenCase golden, bool exact)
    {
        using var file = golden.Open("batches.safetensors");
        return Enumerable
            .Range(0, file.Tensors.Count)
            .Select(i => file.Read($"batch_{i}").to_type(exact ? ScalarType.Float64 : ScalarType.Float32))
            .Select(clip =>
                (clip.narrow(1, 0, clip.size(1) - 1).flatten(0, 1), clip.narrow(1, 1, clip.size(1) - 1).flatten(0, 1))
            )
            .ToList();
    }

    private static Tolerance ToleranceOf(GoldenCase golden, List<(Tensor Previous, Tensor)> batches, bool exact)
    {
        var frames = batches[0].Previous;
        int native = golden.Config.GetProperty("tiny").GetProperty("img_native").GetInt32();
        return new Tolerance(golden, exact, mixed: frames.size(2) != native || frames.size(3) != native);
    }

    private static string Name(string run) => "E " + (run.Length > 0 ? run.TrimEnd('_') : "recipe");

    [GeneratedRegex("gradient_clip_val=([0-9]+(?:\\.[0-9]+)?)")]
    private static partial Regex Clip();

    [GeneratedRegex("accumulate_grad_batches=([0-9]+)")]
    private static partial Regex Accumulation();
}
