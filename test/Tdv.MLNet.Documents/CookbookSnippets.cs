using Microsoft.ML;

namespace Tdv.MLNet.Documents;

/// <summary>The code of docs/cookbook.md and docs/troubleshooting.md, word for word; CookbookTests run it.</summary>
internal static class CookbookSnippets
{
    public static TdvModel OwnVideos(MLContext ml, string clips, string run, int steps, CancellationToken stop)
    {
        // snippet: own-videos
        // A file, a pattern such as "clips/**/*.mp4", a folder of videos, or one of numbered pictures. Pairs 0.2 s apart, ten a
        // second, shrunk while decoding: the Tiny preset looks at 64×64 pixels.
        var take = new VideoOptions
        {
            FrameInterval = 0.2,
            RowInterval = 0.1,
            FrameHeight = 120,
            FrameWidth = 160,
        };
        IDataView videos = ml.Data.LoadFromVideos(clips, take);
        var options = new TdvOptions
        {
            Steps = steps,
            CheckpointDirectory = Path.Combine(run, "checkpoints"),
            CancellationToken = stop,
            Progress = new Progress<StepReport>(report =>
                Console.WriteLine($"step {report.Step}: gain {report.PredictionGain:F2}, {report.Remaining:g} left")
            ),
        };
        TdvModel tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(videos).Model;
        tdv.Save(Path.Combine(run, "weights.safetensors"));
        // end

        return tdv;
    }

    public static IEstimator<ITransformer> FewLabels(MLContext ml, string folder, TdvModel tdv)
    {
        var trainers = ml.MulticlassClassification.Trainers;
        // snippet: few-labels
        // Larger frames make a finer grid, early layers add texture. Rare classes are sampled as often as common ones.
        var features = new TdvFeatureOptions
        {
            ImageHeight = 96,
            ImageWidth = 128,
            Layers = [2, 4, 6],
        };
        var painting = new PixelWiseOptions
        {
            SamplesPerImage = 5000,
            ClassBalance = 1,
            FollowEdges = true,
        };
        var pipeline = ml
            .Transforms.LoadPictures("Frame", folder, "Path")
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", tdv, features))
            .Append(trainers.PixelWise(trainers.LbfgsMaximumEntropy(), painting));
        // end

        return pipeline;
    }

    public static IEstimator<ITransformer> Scales(MLContext ml, string folder, TdvModel tdv)
    {
        var trainers = ml.MulticlassClassification.Trainers;
        // snippet: scales
        // Grids of different sizes: the features of the coarser ones are interpolated to the finest.
        var fine = new TdvFeatureOptions
        {
            ImageHeight = 240,
            ImageWidth = 320,
            Layers = [2, 4, 6],
        };
        var coarse = fine with { ImageHeight = 96, ImageWidth = 128 };
        var all = new PixelWiseOptions { FeatureColumnNames = ["Fine", "Coarse", "Color", "CoarseColor"] };
        var pipeline = ml
            .Transforms.LoadPictures("Frame", folder, "Path")
            .Append(ml.Transforms.TdvFeaturize("Fine", "Frame", tdv, fine))
            .Append(ml.Transforms.TdvFeaturize("Coarse", "Frame", tdv, coarse))
            .Append(ml.Transforms.ColorFeaturize("Color", "Frame", gridHeight: 30, gridWidth: 40))
            .Append(ml.Transforms.ColorFeaturize("CoarseColor", "Frame", gridHeight: 12, gridWidth: 16))
            .Append(trainers.PixelWise(trainers.LbfgsMaximumEntropy(), all));
        // end

        return pipeline;
    }

    public static void Compare(MLContext ml, string folder, TdvModel tdv, IDataView train, IDataView test)
    {
        var trainers = ml.MulticlassClassification.Trainers;
        // snippet: compare
        using var untrained = TdvModel.Create(TdvPreset.Tiny, seed: 1);
        foreach (var (name, model) in new[] { ("trained", tdv), ("untrained", untrained) })
        {
            var pipeline = ml
                .Transforms.LoadPictures("Frame", folder, "Path")
                .Append(ml.Transforms.TdvFeaturize("Features", "Frame", model))
                .Append(trainers.PixelWise(trainers.LbfgsMaximumEntropy()));
            var painted = pipeline.Fit(train).Transform(test);
            Console.WriteLine($"{name}: {ml.MulticlassClassification.EvaluateMasks(painted)}");
        }
        // end
    }

    public static IEstimator<ITransformer> Motion(MLContext ml, string folder, TdvModel tdv)
    {
        var trainers = ml.MulticlassClassification.Trainers;
        // snippet: motion
        // A row names the picture before as well: PreviousPath.
        var features = new TdvFeatureOptions { MotionColumnName = "Motion" };
        var both = new PixelWiseOptions { FeatureColumnNames = ["Features", "Motion"] };
        var pipeline = ml
            .Transforms.LoadPictures("Frame", folder, "Path")
            .Append(ml.Transforms.LoadPictures("PreviousFrame", folder, "PreviousPath"))
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", tdv, features))
            .Append(trainers.PixelWise(trainers.LbfgsMaximumEntropy(), both));
        // end

        return pipeline;
    }

    public static IEstimator<ITransformer> Weights(MLContext ml, string weights)
    {
        // snippet: weights
        // An official TDV checkpoint, DINOv2's dinov2_vits14_pretrain.pth, or what Save wrote. DINOv2's patches are 14 pixels.
        var features = new TdvFeatureOptions { ImageHeight = 224, ImageWidth = 308 };
        var featurizer = ml.Transforms.TdvFeaturize("Features", "Frame", weights, features);
        // end

        return featurizer;
    }

    public static MLContext Gpu()
    {
        // snippet: gpu
        var ml = new MLContext(seed: 42) { GpuDeviceId = 0, FallbackToCpu = true };
        Console.WriteLine(TdvDiagnostics.Run()); // the line "GPU" says what is there, and what to do if it is not used
        // end

        return ml;
    }

    public static TdvOptions Accumulate()
    {
        // snippet: accumulate
        // The paper's batch of 240 pairs as the mean of 8 batches of 30, in the memory of one.
        var options = new TdvOptions
        {
            Preset = TdvPreset.Small,
            BatchSize = 30,
            AccumulatedBatches = 8,
            CheckpointDirectory = "run/checkpoints",
        };
        // end

        return options;
    }

    public static void Examine()
    {
        // snippet: examine
        DiagnosticReport report = TdvDiagnostics.Run();
        if (report.HasProblem)
        {
            Console.Error.WriteLine(report);
        }
        // end
    }

    public static void Export(TdvModel tdv, string onnx, string pth)
    {
        // snippet: export
        var features = new TdvFeatureOptions
        {
            ImageHeight = 96,
            ImageWidth = 128,
            ClsColumnName = "Cls",
        };
        tdv.ExportOnnx(onnx, features); // any batch size, this image size
        tdv.Save(pth); // a state dict for Python, by the official names
        // end
    }
}
