using System.Globalization;
using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>A small case E that the product itself computes, with an error put into every number that is stored.</summary>
internal sealed class SyntheticTraining : IDisposable
{
    private const int Native = 28;
    private const int Steps = 2;
    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-golden-").FullName;

    /// <param name="width">Width of the frames; their height is that of the stored positions, 28.</param>
    /// <param name="error">Relative to each loss and gradient, and to each tensor's update.</param>
    /// <param name="ownDistance">What case.json states of the reference's states in single and double precision.</param>
    public SyntheticTraining(int width, double error, double? ownDistance = null)
    {
        File.WriteAllText(Path.Combine(_folder, "case.json"), Json(ownDistance));
        Golden = GoldenCase.Read(Path.Combine(_folder, "case.json"));
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        using var state = new TrainingState(Architectures.Tiny(Golden.Config, patch: 14) with { AttendCls = false }, 1);
        var clips = Enumerable.Range(0, Steps).Select(_ => randn([2, 3, 3, Native, width], generator: generator));
        Write("batches", [.. clips.Select((clip, i) => ($"batch_{i}", clip))]);
        Write("state_init", [.. state.NamedTensors()]);
        foreach (string run in new[] { "", "f64_" })
        {
            Train(run, error);
        }
    }

    public GoldenCase Golden { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void Train(string run, double error)
    {
        using var initial = Golden.Open("state_init.safetensors");
        using var state = TrainingParity.Load(Golden, run, initial);
        var options = TrainingParity.Options(Golden, run);
        using var trainer = new TdvTrainer(state, options);
        var batches = TrainingParity.Batches(Golden, exact: run.Length > 0);
        var results = batches.ConvertAll(batch => trainer.Step([batch]));
        Write(
            run + "scalars",
            [
                ("loss", Numbers(result => result.Loss * (1 + error))),
                ("metric.mse_loss", Numbers(result => result.MeanSquaredError * (1 + error))),
                ("metric.dino_loss", Numbers(result => result.ClsLoss * (1 + error))),
                ("metric.ibot_loss", Numbers(result => result.PatchLoss * (1 + error))),
                ("grad_norm", Numbers(result => result.GradientNorm * (1 + error))),
                ("lr", stack([Rates(1), Rates(options.MotionMultiplier)], 1)),
            ]
        );
        Write(
            $"{run}state_step{Steps}",
            [
                .. state
                    .NamedTensors()
                    .Select(entry => (entry.Name, Off(entry.Tensor.detach(), initial.Read(entry.Name)))),
            ]
        );

        Tensor Rates(double multiplier) =>
            tensor(
                Enumerable.Range(0, Steps).Select(step => options.Schedule.LearningRate(step, multiplier)).ToArray()
            );

        Tensor Numbers(Func<StepResult, double> number) => tensor(results.ConvertAll(result => number(result)));

        Tensor Off(Tensor value, Tensor start) => value + ((value - start.to_type(value.dtype)) * error);
    }

    private void Write(string name, IReadOnlyList<(string, Tensor)> tensors)
    {
        using var stream = File.Create(Path.Combine(_folder, name + ".safetensors"));
        Safetensors.Write(stream, tensors.Select(TensorSource.Of));
    }

    private static string Json(double? ownDistance)
    {
        string stated = ownDistance is { } own
            ? string.Create(
                CultureInfo.InvariantCulture,
                $", \"float32_vs_float64_state_step{Steps}_update_relative_l2_without_key_bias_max\": {own}"
            )
            : "";
        return $$"""
            {
              "case": "E_synthetic", "files": {}{{stated}},
              "config": {
                "tiny": {
                  "dim": 24, "depth": 1, "heads": 2, "img_native": {{Native}}, "proto": 16, "head_hidden": 16,
                  "head_bottleneck": 8, "peak_lr": 0.002, "warm_up_steps": 1, "max_scheduling_steps": 10
                },
                "gradient_clip_val": 1, "ema_momentum": 0.99, "weight_decay": 0.01, "min_lr_scale": 100000,
                "difference_encoder_lr_multiplier": 0.03
              }
            }
            """;
    }
}
