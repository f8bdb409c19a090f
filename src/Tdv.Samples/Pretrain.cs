using Microsoft.ML;
using Tdv.MLNet;

namespace Tdv.Samples;

/// <summary>Learn from unlabeled video, and keep the weights in a file.</summary>
public static class Pretrain
{
    /// <param name="videos">A video, a pattern such as <c>clips/*.mp4</c>, or a folder.</param>
    /// <param name="weights">The file to write; <c>.safetensors</c>, or <c>.pth</c> for Python.</param>
    /// <param name="steps">Training steps; hundreds for a first look, many thousands for good features.</param>
    public static void Run(string videos, string weights, int steps)
    {
        var ml = new MLContext(seed: 42) { GpuDeviceId = 0, FallbackToCpu = true };

        // Each row is a frame and its predecessor, a quarter of a second earlier; ten rows for each second of video.
        IDataView pairs = ml.Data.LoadFromVideos(videos, new VideoOptions { RowInterval = 0.1 });

        var options = new TdvOptions
        {
            Preset = TdvPreset.Tiny,
            Steps = steps,
            BatchSize = 8,
            Progress = new Progress<StepReport>(report => Console.WriteLine(report)),
        };
        using var tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(pairs);
        tdv.Model.Save(weights);
    }
}
