using System.Globalization;
using System.Text.Json;
using Microsoft.ML.Data;
using Tdv.MLNet.Imaging;
using Tdv.MLNet.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>Case H: learning rates, frame indices and preprocessing.</summary>
public sealed class ExtrasParity(ParityReport report)
{
    private const double MotionMultiplier = 0.03;

    [Fact]
    public void Learning_rates()
    {
        foreach (var golden in Goldens.Cases('H').Where(golden => golden.Json.TryGetProperty("lr_schedule", out _)))
        {
            foreach (var table in golden.Json.GetProperty("lr_schedule").EnumerateArray())
            {
                double peak = table.GetProperty("peak_learning_rate").GetDouble();
                var schedule = new DividedWarmUp(
                    new Schedule(
                        peak,
                        table.GetProperty("warm_up_steps").GetInt32(),
                        table.GetProperty("max_scheduling_steps").GetInt32(),
                        peak / table.GetProperty("min_lr_scale").GetDouble()
                    ),
                    Divider(table)
                );
                var errors = Steps(table).SelectMany(row => Errors(schedule, row.Step, row.Rates)).ToList();
                report.Add(
                    $"H {table.GetProperty("name").GetString()}",
                    "learning rates",
                    errors,
                    Tolerance.ExactOutputs * 100
                );
            }
        }

        report.AssertNothingMissed('H');
    }

    [Fact]
    public void Frame_indices()
    {
        foreach (var golden in Goldens.Cases('H').Where(golden => golden.Json.TryGetProperty("frame_indices", out _)))
        {
            var errors = golden.Json.GetProperty("frame_indices").EnumerateArray().Select(FrameError).ToList();
            report.Add("H frame_indices", "largest difference, in frames", errors, 0);
        }

        report.AssertNothingMissed('H');
    }

    [Fact]
    public void Preprocessing()
    {
        foreach (var golden in Goldens.Cases('H').Where(golden => golden.Has("preprocess.safetensors")))
        {
            using var scope = NewDisposeScope();
            using var file = golden.Open("preprocess.safetensors");
            foreach (
                string name in file.Tensors.Keys.Where(name => name.Contains(".transformed_", StringComparison.Ordinal))
            )
            {
                string image = name.Split('.')[0];
                var expected = file.Read(name);
                var actual = Transform(file.Read(image + ".uint8_hwc"), (int)expected.size(1), (int)expected.size(2));
                var deviation = tensor(new[] { 0.229f, 0.224f, 0.225f }).view(3, 1, 1);
                var levels = ((actual - expected) * deviation * 255).abs();
                report.Add($"H {image}", "pixels, mean, in 1/255", [(name, levels.mean().item<float>())], 1);
                report.Add($"H {image}", "pixels, worst, in 1/255", [(name, levels.max().item<float>())], 2);
            }
        }

        report.AssertNothingMissed('H');
    }

    /// <summary>The largest difference between our indices and theirs.</summary>
    private static (string, double) FrameError(JsonElement example, int number)
    {
        double[] expected = Numbers(example.GetProperty("indices"));
        int[] actual = ClipSampler.Indices(
            example.GetProperty("total_frames_arg").GetInt32(),
            example.GetProperty("duration_s").GetDouble(),
            example.GetProperty("num_frames").GetInt32(),
            example.GetProperty("time_between_frames").GetDouble(),
            example.GetProperty("uniform_draw").GetDouble()
        );
        return (
            $"example {number}",
            actual.Length == expected.Length
                ? actual.Zip(expected, (ours, theirs) => Math.Abs(ours - theirs)).Max()
                : double.PositiveInfinity
        );
    }

    /// <summary>The reference takes no divider, and any that is not positive, for a warm-up from 0.</summary>
    private static double? Divider(JsonElement table) =>
        table.TryGetProperty("warm_up_base_lr_divider", out var divider)
        && divider.ValueKind == JsonValueKind.Number
        && divider.GetDouble() > 0
            ? divider.GetDouble()
            : null;

    private static Tensor Transform(Tensor rgb, int height, int width)
    {
        int sourceHeight = (int)rgb.size(0);
        int sourceWidth = (int)rgb.size(1);
        byte[] source = rgb.bytes.ToArray();
        byte[] bgra = new byte[sourceHeight * sourceWidth * 4];
        for (int pixel = 0; pixel < sourceHeight * sourceWidth; pixel++)
        {
            bgra[pixel * 4] = source[(pixel * 3) + 2];
            bgra[(pixel * 4) + 1] = source[(pixel * 3) + 1];
            bgra[(pixel * 4) + 2] = source[pixel * 3];
            bgra[(pixel * 4) + 3] = byte.MaxValue;
        }

        using var image = MLImage.CreateFromPixels(sourceWidth, sourceHeight, MLPixelFormat.Bgra32, bgra);
        byte[] resized = new byte[height * width * FramePixels.Channels];
        FramePixels.Read(image, resized, height, width);
        return FramePixels.ToTensor(resized, 1, height, width, CPU)[0];
    }

    private static IEnumerable<(long Step, double[] Rates)> Steps(JsonElement table)
    {
        if (table.TryGetProperty("lr_of_step", out var all))
        {
            return all.EnumerateArray().Select((rates, step) => ((long)step, Numbers(rates)));
        }

        var some = table.GetProperty("lr_at_step").EnumerateObject();
        return some.Select(entry => (long.Parse(entry.Name, CultureInfo.InvariantCulture), Numbers(entry.Value)));
    }

    /// <summary>Rates of frame encoder, head and motion encoder.</summary>
    private static IEnumerable<(string, double)> Errors(DividedWarmUp schedule, long step, double[] rates) =>
        rates.Select(
            (rate, group) =>
                (
                    $"step {step}, group {group}",
                    Compare.Relative(
                        schedule.LearningRate(step, group == rates.Length - 1 ? MotionMultiplier : 1),
                        rate
                    )
                )
        );

    private static double[] Numbers(JsonElement list) =>
        [.. list.EnumerateArray().Select(number => number.GetDouble())];
}
