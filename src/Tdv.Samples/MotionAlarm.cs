using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet;

namespace Tdv.Samples;

/// <summary>Learn how things usually move in front of a camera, and raise an alarm when they move otherwise.</summary>
public static class MotionAlarm
{
    /// <param name="usual">Video of the usual, without labels.</param>
    /// <param name="watched">Video to watch.</param>
    /// <param name="steps">Training steps.</param>
    /// <returns>The watched video's moments, in seconds, at which something moves in an unusual way.</returns>
    public static IReadOnlyList<float> Run(string usual, string watched, int steps)
    {
        var ml = new MLContext(seed: 42);
        var often = new VideoOptions { RowInterval = 0.1 };
        IDataView usualPairs = ml.Data.LoadFromVideos(usual, often);
        IDataView watchedPairs = ml.Data.LoadFromVideos(watched, often);

        // 1. Learn features of motion from the usual.
        var options = new TdvOptions { Steps = steps, BatchSize = 8 };
        var features = new TdvFeatureOptions { MotionColumnName = "Motion" };
        using var tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options, features).Fit(usualPairs);
        List<Moment> calm = Moments(tdv.Transform(usualPairs));

        // 2. Learn what is usual: ML.NET's anomaly detection scores by how badly a few components describe a moment. What
        //    a usual score is, moments tell that it has not learned from.
        int known = calm.Count * 2 / 3;
        var detector = ml
            .AnomalyDetection.Trainers.RandomizedPca("Motion", rank: 32)
            .Fit(ml.Data.LoadFromEnumerable(calm.Take(known)));
        IDataView rest = detector.Transform(ml.Data.LoadFromEnumerable(calm.Skip(known)));
        float limit = rest.GetColumn<float>("Score").Max();

        // 3. Watch.
        IDataView seen = ml.Data.LoadFromEnumerable(Moments(tdv.Transform(watchedPairs)));
        IDataView scored = detector.Transform(seen);
        var scores = scored.GetColumn<float>("Score");
        var times = scored.GetColumn<float>("Time");
        return [.. times.Zip(scores).Where(moment => moment.Second > limit).Select(moment => moment.First)];
    }

    /// <summary>Of each frame's grid of motion features, <c>[height, width, D]</c>, the largest value of each feature.</summary>
    private static List<Moment> Moments(IDataView view)
    {
        var times = view.GetColumn<float>("Time");
        var grids = view.GetColumn<float[]>("Motion");
        return [.. times.Zip(grids, (time, grid) => new Moment { Time = time, Motion = Largest(grid) })];
    }

    private static float[] Largest(float[] grid)
    {
        float[] largest = grid[..Moment.Width];
        for (int i = 0; i < grid.Length; i++)
        {
            largest[i % Moment.Width] = Math.Max(largest[i % Moment.Width], grid[i]);
        }

        return largest;
    }
}
