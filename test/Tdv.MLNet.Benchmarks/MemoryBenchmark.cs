using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Training;
using Tdv.Tool.Pipeline;

namespace Tdv.MLNet.Benchmarks;

/// <summary>Peak resident memory by length of video, each figure from a process of its own.</summary>
internal static class MemoryBenchmark
{
    /// <summary>The whole of <c>tdv predict</c>, with the model.zip beside the video.</summary>
    public const string PaintTask = "paint";
    private static readonly string[] Tasks = ["pretrain", "predict"];

    public static int Run(IReadOnlyList<int> minutes)
    {
        string folder = Directory.CreateTempSubdirectory("tdv-memory").FullName;
        try
        {
            Console.WriteLine($"{"task", -10} {"video", 8} {"peak memory", 14}");
            foreach (int length in minutes)
            {
                string video = Path.Combine(folder, $"{length}.mp4");
                TestVideo.Write(video, length);
                foreach (string task in Tasks)
                {
                    Console.WriteLine(
                        $"{task, -10} {length, 4} min {ChildProcess.Run("memory-of", task, video), 10} MiB"
                    );
                }
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The child process: does the task and prints its peak memory in MiB.</summary>
    public static int Measure(string task, string video)
    {
        var ml = new MLContext(1);
        if (task == PaintTask)
        {
            Paint(video);
        }
        else if (task == Tasks[0])
        {
            Pretrain(ml.Data.LoadFromVideos(video));
        }
        else
        {
            Predict(ml, ml.Data.LoadFromVideos(video));
        }

        Console.WriteLine($"{ProcessMemory.PeakMiB():F0}");
        return 0;
    }

    /// <summary>Reads every pair as pretraining does, twice, and trains on some: all of them would take hours.</summary>
    private static void Pretrain(IDataView view)
    {
        const int batch = 4;
        const int size = TinySize.Pixels;
        var recipe = Recipe.From(new TdvOptions { BatchSize = batch, ImageSize = size });
        using var state = new TrainingState(recipe.Network, 1);
        using var trainer = new TdvTrainer(state, recipe.Training);
        long pairs = view.GetColumn<float>("Time").LongCount();
        using var source = new PairSource(view, "Frame", "PreviousFrame", size, batch, seed: 1);
        long batches = 2 * pairs / batch;
        for (long i = 0; i < batches; i++)
        {
            byte[] pixels = source.Next(batch);
            if (i % Math.Max(1, batches / 20) == 0)
            {
                PretrainingLoop.Step([pixels], trainer, batch, size, TorchSharp.torch.CPU);
            }
        }
    }

    private static void Predict(MLContext ml, IDataView view)
    {
        using var model = TdvModel.Create(TdvPreset.Tiny, 1);
        var options = new TdvFeatureOptions { ImageHeight = 48, ImageWidth = 64 };
        var transformer = ml.Transforms.TdvFeaturize("Features", "Frame", model, options).Fit(view);
        long rows = transformer.Transform(view).GetColumn<VBuffer<float>>("Features").LongCount();
        Trace.Assert(rows > 0);
    }

    private static void Paint(string video)
    {
        string folder = Path.GetDirectoryName(video)!;
        using var predictor = new Predictor(Path.Combine(folder, "model.zip"), video, Path.Combine(folder, "painted"));
        predictor.Run(default);
    }
}
