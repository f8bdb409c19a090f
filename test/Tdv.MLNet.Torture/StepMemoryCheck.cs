using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Pretraining;

namespace Tdv.MLNet.Torture;

/// <summary>What a step really takes of the memory: the estimate at the door must not refuse what has room.</summary>
internal static class StepMemoryCheck
{
    private const int Steps = 3;

    public static int Run(TdvPreset preset, int size, int batch)
    {
        var ml = new MLContext(1);
        var options = new TdvOptions
        {
            Preset = preset,
            ImageSize = size,
            BatchSize = batch,
            Steps = Steps,
            WarmUpSteps = 1,
        };
        byte[] pixels = new byte[64 * 64 * 4];
        new Random(1).NextBytes(pixels);
        var image = MLImage.CreateFromPixels(64, 64, MLPixelFormat.Bgra32, pixels);
        var view = ml.Data.LoadFromEnumerable([new Pair { Frame = image, PreviousFrame = image }]);
        double estimate = StepMemory.Estimate(Recipe.From(options));
        double before = Peak();
        ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(view).Dispose();
        double taken = Peak() - before;
        Console.WriteLine(
            FormattableString.Invariant(
                $"{preset}, {size} px, {batch} pairs: estimated {SystemMemory.Size(estimate)}, taken {SystemMemory.Size(taken)}, {estimate / taken:0.00}"
            )
        );
        return new Outcome(
            $"estimate of a step's memory, {preset} {size} px {batch}",
            1,
            estimate > taken ? 1 : 0
        ).Print();
    }

    /// <summary>The most that was resident, in bytes.</summary>
    private static double Peak() =>
        1024
        * double.Parse(
            File.ReadLines("/proc/self/status")
                .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        );

    private sealed class Pair
    {
        [ImageType(64, 64)]
        public MLImage Frame { get; set; } = null!;

        [ImageType(64, 64)]
        public MLImage PreviousFrame { get; set; } = null!;
    }
}
