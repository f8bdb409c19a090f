using Microsoft.ML;
using Microsoft.ML.Data;

namespace Tdv.MLNet.Documents;

/// <summary>The code of README.md and docs/, word for word; DocumentationTests compares and runs it.</summary>
internal static class Snippets
{
    public static TdvModel Learn(string clips, int steps)
    {
        // snippet: learn
        var ml = new MLContext(seed: 42) { GpuDeviceId = 0, FallbackToCpu = true };

        // Learn from unlabeled video: a file, "clips/*.mp4", or a folder of numbered frames.
        IDataView videos = ml.Data.LoadFromVideos(clips);
        var options = new TdvOptions { Preset = TdvPreset.Tiny, Steps = steps };
        TdvModel tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(videos).Model;
        // end

        return tdv;
    }

    public static IDataView Label(
        MLContext ml,
        string folder,
        IEnumerable<LabeledPicture> pictures,
        TdvModel tdv,
        string zip
    )
    {
        // snippet: label
        // Label pixels with any ML.NET trainer. A row names a picture and its mask: Path, MaskPath.
        IDataView rows = ml.Data.LoadFromEnumerable(pictures);
        var classes = MaskClass.ReadFile(Path.Combine(folder, "classes.txt"));
        IDataView labeled = ml.Transforms.LoadMasks("Mask", folder, "MaskPath", classes).Fit(rows).Transform(rows);

        var trainers = ml.MulticlassClassification.Trainers;
        var pipeline = ml
            .Transforms.LoadPictures("Frame", folder, "Path")
            .Append(ml.Transforms.TdvFeaturize("Features", "Frame", tdv))
            .Append(trainers.PixelWise(trainers.LbfgsMaximumEntropy(), labelColumnName: "Mask"));
        var model = pipeline.Fit(labeled);
        ml.Model.Save(model, rows.Schema, zip);
        // end

        return model.Transform(labeled);
    }

    public static VBuffer<uint> Use(string zip, string picture)
    {
        // snippet: use
        // Use it anywhere ML.NET runs, in a program that references Tdv.MLNet alone: no libtorch, no GPU.
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(zip, out _);
        var engine = ml.Model.CreatePredictionEngine<Picture, Painted>(model);
        VBuffer<uint> mask = engine.Predict(new Picture { Path = picture }).PredictedLabel;
        // end

        return mask;
    }

    public static MaskMetrics Evaluate(MLContext ml, IDataView painted)
    {
        // snippet: evaluate
        MaskMetrics metrics = ml.MulticlassClassification.EvaluateMasks(painted, "Mask");
        Console.WriteLine(metrics); // mIoU, mAcc, pixelAcc
        Console.WriteLine(metrics.GetFormattedTable()); // each class
        // end

        return metrics;
    }

    public static IDataView Expand(MLContext ml, IDataView featuresAndMasks)
    {
        // snippet: expand
        var options = new PixelExpansionOptions { SamplesPerImage = 500 };
        IDataView pixels = ml.Data.ExpandPixels(featuresAndMasks, options); // Label, Features
        // end

        return pixels;
    }

    public static (VideoMetrics Video, FeatureMetrics Pixels) Evaluate(
        MLContext ml,
        IDataView unseenVideos,
        TdvModel tdv,
        IDataView train,
        IDataView test
    )
    {
        // snippet: learned
        // Does it predict, and do its features keep apart what is different? Best on videos that it has not seen.
        VideoMetrics video = ml.Transforms.EvaluateVideo(unseenVideos, tdv);
        Console.WriteLine($"{video.PredictedInformation:F0} bits a patch, untrained {video.UntrainedInformation:F0}");

        // What do its features know of pixels? Rows have Features, Mask and Frame.
        FeatureMetrics pixels = ml.MulticlassClassification.EvaluateFeatures(train, test);
        Console.WriteLine(pixels.Probe); // a linear probe: mIoU, mAcc, pixelAcc
        Console.WriteLine(pixels.Neighbors!.GetFormattedTable()); // nearest neighbors, each class
        // end

        return (video, pixels);
    }

    public static TdvModel Validate(MLContext ml, IDataView videos, IDataView unseenVideos, int steps)
    {
        // snippet: validate
        var options = new TdvOptions
        {
            Steps = steps,
            Validation = new TdvValidation { Data = unseenVideos },
            Progress = new Progress<StepReport>(report =>
            {
                if (report.Validation is { } unseen)
                {
                    Console.WriteLine($"step {report.Step}: {unseen.PredictedInformation:F0} bits a patch");
                }
            }),
        };
        TdvModel best = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(videos).Model;
        // end

        return best;
    }

    public static void Convert(string checkpoint, string pth)
    {
        // snippet: convert
        // Official weights that its launch script trained, and back to names that Python knows.
        using var official = TdvModel.Load(checkpoint, new TdvLoadOptions { AttendCls = false });
        official.Save(pth);
        // end
    }

    public static TdvOptions Freeze(string weights)
    {
        // snippet: freeze
        TdvModel dino = TdvModel.Load(weights);
        var options = new TdvOptions
        {
            Preset = TdvPreset.Small,
            FrameEncoder = dino,
            FreezeFrameEncoder = true,
        };
        // end

        return options;
    }

    public static TdvModel Resume(MLContext ml, IDataView videos, TdvOptions options, string folder)
    {
        // snippet: resume
        // Run it again after a stop, a crash or a power cut: it goes on where the last checkpoint was.
        options = options with
        {
            CheckpointDirectory = folder,
            CheckpointEveryMinutes = 10,
        };
        TdvModel tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(videos).Model;
        // end

        return tdv;
    }

    public sealed record LabeledPicture(string Path, string MaskPath);

    public sealed class Picture
    {
        public string Path { get; set; } = "";
    }

    public sealed class Painted
    {
        public VBuffer<uint> PredictedLabel { get; set; }
    }
}
