using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Tdv.MLNet.Torture;

/// <summary>A training as long as a day's, at 32 pixels: memory and handles must not grow.</summary>
internal static class LongTraining
{
    private const int Size = 32;
    private const int Pairs = 64;
    private const long MostGrowth = 48 << 20;
    private const int MostHandles = 8;

    /// <summary>Part of the steps after which everything is there that will ever be.</summary>
    private const int WarmUp = 5;

    public static int Run(int steps)
    {
        var ml = new MLContext(1);
        var watch = new Watch(steps);
        var random = new Random(1);
        var pairs = Enumerable
            .Range(0, Pairs)
            .Select(_ => new Pair { Frame = Noise(random), PreviousFrame = Noise(random) })
            .ToList();
        var options = new TdvOptions
        {
            ImageSize = Size,
            Steps = steps,
            BatchSize = 2,
            Progress = watch,
        };
        var clock = Stopwatch.StartNew();
        ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(ml.Data.LoadFromEnumerable(pairs)).Dispose();
        long growth = watch.LastBytes - watch.FirstBytes;
        int handles = watch.LastHandles - watch.FirstHandles;
        Console.WriteLine(
            $"{watch.FirstBytes >> 20} MiB resident and {watch.FirstHandles} handles after step {steps / WarmUp}, "
                + $"{watch.LastBytes >> 20} MiB and {watch.LastHandles} at the end, {clock.Elapsed.TotalSeconds:0} s"
        );
        bool lost = growth > MostGrowth || handles > MostHandles || watch.Reports != steps;
        return new Outcome("steps at 32 px without growth", steps, lost ? 1 : 0).Print();
    }

    private static MLImage Noise(Random random)
    {
        byte[] pixels = new byte[Size * Size * 4];
        random.NextBytes(pixels);
        return MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Bgra32, pixels);
    }

    private sealed class Pair
    {
        [ImageType(Size, Size)]
        public MLImage Frame { get; set; } = null!;

        [ImageType(Size, Size)]
        public MLImage PreviousFrame { get; set; } = null!;
    }

    private sealed class Watch(int steps) : IProgress<StepReport>
    {
        public long FirstBytes { get; private set; }

        public int FirstHandles { get; private set; }

        public long LastBytes { get; private set; }

        public int LastHandles { get; private set; }

        public int Reports { get; private set; }

        public void Report(StepReport value)
        {
            Reports++;
            if (value.Step == steps / WarmUp)
            {
                (FirstBytes, FirstHandles) = Look();
            }
            else if (value.Step == steps)
            {
                (LastBytes, LastHandles) = Look();
            }
        }

        private static (long Bytes, int Handles) Look()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using var process = Process.GetCurrentProcess();
            return (process.WorkingSet64, process.HandleCount);
        }
    }
}
