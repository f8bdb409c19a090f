using System.Text.Json;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>
/// Case D: the cross entropy and its center over consecutive calls. Token weights and the reference's variants of the
/// reconstruction loss are not offered by the product; its plain MSE is part of cases E and F.
/// </summary>
public sealed class LossesParity(ParityReport report)
{
    [Fact]
    public void Distillation_and_center()
    {
        foreach (var golden in Goldens.Cases('D'))
        {
            using var io = golden.Open("io.safetensors");
            int calls = golden.Config.GetProperty("calls").GetInt32();
            string before = "";
            foreach (var sequence in golden.Config.GetProperty("sequences").EnumerateObject())
            {
                using var scope = NewDisposeScope();
                if (IsOffered(sequence))
                {
                    Check(sequence, before, io, calls, ScalarType.Float32);
                    Check(sequence, before, io, calls, ScalarType.Float64);
                }

                before = sequence.Name;
            }
        }

        report.AssertNothingMissed('D');
    }

    private static bool IsOffered(JsonProperty sequence) =>
        sequence.Name.StartsWith("dino", StringComparison.Ordinal) && !sequence.Value.TryGetProperty("weights", out _);

    private void Check(JsonProperty sequence, string before, SafetensorsFile io, int calls, ScalarType type)
    {
        bool exact = type == ScalarType.Float64;
        string suffix = exact ? ".f64" : "";
        if (!io.Tensors.ContainsKey($"{sequence.Name}.loss.0{suffix}"))
        {
            return;
        }

        var options = Options(sequence.Value);
        using var center = new Center(io.Read("dino.centre.init").to_type(type), options.CenterMomentum);
        var distillation = new Distillation(center, options);
        var outputs = new List<(string, double)>();
        var gradients = new List<(string, double)>();
        for (int call = 0; call < calls; call++)
        {
            var student = io.Read($"dino.student.{call}").to_type(type).flatten(0, -2);
            var teacher = io.Read($"dino.teacher.{call}").to_type(type).flatten(0, -2);
            // Logits are products of bottleneck vectors and prototypes; with the identity as prototypes, the vectors.
            var identity = eye(student.size(1), dtype: type);
            var result = distillation.Evaluate(student, identity, teacher, identity, weight: 1);
            outputs.Add(
                ($"loss.{call}", Compare.Relative(result.Loss, io.Read($"{sequence.Name}.loss.{call}{suffix}")))
            );
            outputs.Add(
                ($"centre.{call}", Compare.Relative(center.Values, io.Read($"{sequence.Name}.centre.{call}{suffix}")))
            );
            string gradient = $"{sequence.Name}.grad_student.{call}{suffix}";
            if (io.Tensors.ContainsKey(gradient))
            {
                gradients.Add(
                    (
                        gradient,
                        GradientError(result.BottleneckGradient, io, gradient, $"{before}.grad_student.{call}{suffix}")
                    )
                );
            }
        }

        string kind = exact ? " float64" : "";
        report.Add($"D {sequence.Name}", "losses and centers" + kind, outputs, exact ? Compare.Exact : Compare.Outputs);
        if (gradients.Count > 0)
        {
            report.Add($"D {sequence.Name}", "gradients" + kind, gradients, Compare.Gradients);
        }
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
