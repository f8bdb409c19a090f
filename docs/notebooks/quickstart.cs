#:package Tdv.MLNet.Cpu@*-*
#:property PublishAot=false

// %% [markdown]
// # Quickstart
// From a video without labels to masks: learn features, look at them, label a few pixels, paint the rest.
// As a program: `dotnet run quickstart.cs`, with the .NET SDK 10.

// %%
using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet;

var ml = new MLContext(seed: 42);

// %% [markdown]
// ## A video
// Any video does. This one is drawn here, as a folder of numbered frames: a striped disc crosses a mottled ground.
// Each frame gets a mask as well, a gray picture of class ids; only three of them will be used for learning.

// %%
Directory.CreateDirectory("frames");
Directory.CreateDirectory("masks");
for (int i = 0; i < 60; i++)
{
    var dice = new Random(1);
    using var frame = new SKBitmap(96, 96);
    using var mask = new SKBitmap(96, 96, SKColorType.Gray8, SKAlphaType.Opaque);
    for (int y = 0; y < 96; y++)
    {
        for (int x = 0; x < 96; x++)
        {
            var ground = new SKColor(60, (byte)dice.Next(80, 160), 70);
            int dx = x - 18 - i;
            bool isDisc = (dx * dx) + ((y - 50) * (y - 50)) < 18 * 18;
            bool isStripe = (dx + y) / 5 % 2 == 0;
            frame.SetPixel(
                x,
                y,
                !isDisc ? ground
                    : isStripe ? new SKColor(80, 90, 200)
                    : new SKColor(90, 160, 80)
            );
            mask.SetPixel(x, y, isDisc ? new SKColor(1, 1, 1) : new SKColor(0, 0, 0));
        }
    }

    using var frameFile = File.Create($"frames/{i:D4}.png");
    using var maskFile = File.Create($"masks/{i:D4}.png");
    frame.Encode(frameFile, SKEncodedImageFormat.Png, 100);
    mask.Encode(maskFile, SKEncodedImageFormat.Png, 100);
}

IDataView video = ml.Data.LoadFromVideos("frames", new VideoOptions { RowInterval = 0.05 });

// %% [markdown]
// ## Learn from it
// A frame encoder and a motion encoder learn together to predict the next frame's features. Thirty steps take seconds
// and show the way; thousands make good features.

// %%
var options = new TdvOptions
{
    Preset = TdvPreset.Tiny,
    Steps = 30,
    BatchSize = 8,
};
var columns = new TdvFeatureOptions { MotionColumnName = "Motion" };
var tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options, columns).Fit(video);
Console.WriteLine($"{tdv.Model.ParameterCount / 1e6:F1} million parameters, {tdv.Model.Dimension} features per patch");

// %% [markdown]
// ## Look at the features
// The three directions along which they differ most are red, green and blue. The length of a patch's motion feature says
// how much the network holds to have moved there.

// %%
IDataView featurized = tdv.Transform(video);
var colors = FeatureColors.Fit(featurized, "Features");
MLImage seen = featurized.GetColumn<MLImage>("Frame").ElementAt(15);
float[] features = featurized.GetColumn<float[]>("Features").ElementAt(15);
float[] motion = featurized.GetColumn<float[]>("Motion").ElementAt(15);
float[] moved = FeatureMaps.Magnitude(motion, tdv.Model.Dimension);
new Gallery
{
    { "frame", seen },
    { "features", colors.Paint(features, 96, 96) },
    { "motion", HeatMap.Fit([moved]).Paint(moved, 8, 8, 96, 96) },
}.Show("features.png");

// %% [markdown]
// ## Label pixels
// Three labeled frames, and a stock ML.NET trainer on each pixel's features.

// %%
MaskClass[] classes = [new(0, "Ground", 60, 90, 60), new(1, "Disc", 240, 90, 60)];
var labeled = new[] { 5, 30, 55 }.Select(i => new { Path = $"frames/{i:D4}.png", MaskPath = $"masks/{i:D4}.png" });
IDataView rows = ml.Data.LoadFromEnumerable(labeled);

var trainers = ml.MulticlassClassification.Trainers;
var pipeline = ml
    .Transforms.LoadPictures("Frame", "", "Path")
    .Append(ml.Transforms.LoadMasks("Mask", "", "MaskPath", classes))
    .Append(ml.Transforms.TdvFeaturize("Features", "Frame", tdv.Model))
    .Append(trainers.PixelWise(trainers.LbfgsMaximumEntropy(), labelColumnName: "Mask"));
var model = pipeline.Fit(rows);

// %% [markdown]
// ## Paint and measure
// On frames that the classifier has not seen.

// %%
var others = new[] { 12, 20, 42 }.Select(i => new { Path = $"frames/{i:D4}.png", MaskPath = $"masks/{i:D4}.png" });
IDataView painted = model.Transform(ml.Data.LoadFromEnumerable(others));
var overlay = new MaskOverlay(painted.Schema["PredictedLabel"]);
var gallery = new Gallery();
foreach (var (frame, mask) in painted.GetColumn<MLImage>("Frame").Zip(painted.GetColumn<uint[]>("PredictedLabel")))
{
    gallery.Add("predicted", overlay.Paint(frame, mask, legend: false));
}

gallery.Show("masks.png");
Console.WriteLine(ml.MulticlassClassification.EvaluateMasks(painted, "Mask"));

// %% [markdown]
// ## Label less
// One labeled frame: its mask is carried through the video by the features, and all frames are trained on.

// %%
IDataView every = ml.Data.LoadFromVideos("frames", new VideoOptions { EveryFrame = true });
IDataView oneLabel = ml.Data.AttachMasks(every, [new FrameMask("masks/0000.png")], classes);
IDataView carried = ml.Data.PropagateMasks(tdv.Transform(oneLabel));
var painter = trainers.PixelWise(trainers.LbfgsMaximumEntropy(), labelColumnName: "PropagatedMask");
foreach (var (name, data) in new[] { ("one frame", ml.Data.TakeRows(carried, 1)), ("all frames", carried) })
{
    var result = ml.MulticlassClassification.EvaluateMasks(painter.Fit(data).Transform(painted), "Mask");
    Console.WriteLine($"{name}: {result}");
}
