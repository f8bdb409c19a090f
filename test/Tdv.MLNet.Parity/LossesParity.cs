using System.Text.Json;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Case D: the losses and their centers over consecutive calls.</summary>
public sealed class LossesParity(ParityReport report)
{
    /// <summary>The loss and its gradient with respect to the student's side in one call of a sequence.</summary>
    private delegate (Tensor Loss, Tensor Gradient) Call(int call);

    [Fact]
    public void Losses_and_centers()
    {
        foreach (var golden in Goldens.Cases('D'))
        {
            using var io = golden.Open("io.safetensors");
            int calls = golden.Config.GetProperty("calls").GetInt32();
            string before = "";
            foreach (var sequence in golden.Config.GetProperty("sequences").EnumerateObject())
            {
                using var scope = NewDisposeScope();
                Check(sequence, before, io, calls, ScalarType.Float32);
                Check(sequence, before, io, calls, ScalarType.Float64);
                before = sequence.Name;
            }
        }

        report.AssertNothingMissed('D');
    }

    private void Check(JsonProperty sequence, string before, SafetensorsFile io, int calls, ScalarType type)
    {
        bool exact = type == ScalarType.Float64;
        string suffix = exact ? ".f64" : "";
        if (!io.Tensors.ContainsKey($"{sequence.Name}.loss.0{suffix}"))
        {
            return;
        }

        bool reconstructs = sequence.Value.TryGetProperty("loss", out _);
        string init = reconstructs ? "recon.centre.init" : "dino.centre.init";
        double momentum = sequence.Value.GetProperty("center_momentum").GetDouble();
        var center = new Center(io.Read(init).to_type(type), momentum);
        var evaluate = reconstructs
            ? Reconstruction(sequence.Value, center, io, type)
            : Distillation(sequence.Value, center, io, type);
        string side = reconstructs ? "grad_predicted" : "grad_student";
        var outputs = new List<(string, double)>();
        var gradients = new List<(string, double)>();
        for (int call = 0; call < calls; call++)
        {
            var (loss, gradient) = evaluate(call);
            string end = $".{call}{suffix}";
            outputs.Add(("loss" + end, Compare.Relative(loss, io.Read($"{sequence.Name}.loss{end}"))));
            outputs.Add(("centre" + end, Compare.Relative(center.Values, io.Read($"{sequence.Name}.centre{end}"))));
            string name = $"{sequence.Name}.{side}{end}";
            if (io.Tensors.ContainsKey(name))
            {
                gradients.Add((name, GradientError(gradient, io, name, $"{before}.{side}{end}")));
            }
        }

        string kind = exact ? " float64" : "";
        report.Add(
            $"D {sequence.Name}",
            "losses and centers" + kind,
            outputs,
            exact ? Tolerance.ExactOutputs : Tolerance.SingleOutputs
        );
        if (gradients.Count > 0)
        {
            report.Add($"D {sequence.Name}", "gradients" + kind, gradients, Tolerance.SingleGradients);
        }
    }

    private static Call Distillation(JsonElement sequence, Center center, SafetensorsFile io, ScalarType type)
    {
        var options = Options(sequence);
        bool weighted = sequence.TryGetProperty("weights", out var weights) && weights.GetBoolean();
        return call =>
        {
            var student = io.Read($"dino.student.{call}").to_type(type).flatten(0, -2);
            var teacher = io.Read($"dino.teacher.{call}").to_type(type).flatten(0, -2);
            // Logits are products of bottleneck vectors and prototypes; with the identity as prototypes, the vectors.
            var identity = eye(student.size(1), dtype: type);
            var result = weighted
                ? new WeightedDistillation(center, options).Evaluate(
                    student,
                    identity,
                    teacher,
                    identity,
                    io.Read($"dino.token_weights.{call}").to_type(type).flatten()
                )
                : new Distillation(center, options).Evaluate(student, identity, teacher, identity, weight: 1);
            return (result.Loss, result.BottleneckGradient);
        };
    }

    private static Call Reconstruction(JsonElement sequence, Center center, SafetensorsFile io, ScalarType type)
    {
        bool sharpening = sequence.GetProperty("use_sharpening").GetBoolean();
        bool centering = sequence.GetProperty("use_centering").GetBoolean();
        var reconstruction = new Reconstruction(
            sequence.GetProperty("loss").GetString() == "smoothl1",
            sharpening ? sequence.GetProperty("predicted_temp").GetDouble() : 1,
            sharpening ? sequence.GetProperty("target_temp").GetDouble() : 1,
            centering ? center : null
        );
        return call =>
            reconstruction.Evaluate(
                io.Read($"recon.predicted.{call}").to_type(type),
                io.Read($"recon.target.{call}").to_type(type),
                weight: 1
            );
    }

    /// <summary>
    /// The stored gradients run on from one sequence to the next: whoever stored them did not clear them in between.
    /// A gradient stored by itself is accepted too.
    /// </summary>
    private static double GradientError(Tensor gradient, SafetensorsFile io, string name, string before)
    {
        var expected = io.Read(name);
        var alone = Compare.Relative(gradient, expected);
        return io.Tensors.ContainsKey(before)
            ? Math.Min(alone, Compare.Relative(gradient.reshape(expected.shape) + io.Read(before), expected))
            : alone;
    }

    private static DistillationOptions Options(JsonElement sequence)
    {
        bool sharpening = sequence.GetProperty("use_sharpening").GetBoolean();
        return new DistillationOptions
        {
            StudentTemperature = sharpening ? sequence.GetProperty("student_temp").GetDouble() : 1,
            TeacherTemperature = sharpening ? sequence.GetProperty("teacher_temp").GetDouble() : 1,
            Centering = sequence.GetProperty("use_centering").GetBoolean(),
            CenterMomentum = sequence.GetProperty("center_momentum").GetDouble(),
        };
    }
}
