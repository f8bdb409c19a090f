#:package Tdv.MLNet.Cpu@*-*
#:property PublishAot=false

// %% [markdown]
// # Motion, and an alarm
// A camera watches something that always moves in the same way. Learn its motion without labels, then flag the moments at
// which it moves otherwise. As a program: `dotnet run motion.cs`, with the .NET SDK 10.

// %%
using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using Tdv.MLNet;

var ml = new MLContext(seed: 42);

// %% [markdown]
// ## Two videos
// Both are drawn here, as folders of numbered frames, twelve a second. A disc swings to and fro; in the second video a square
// goes up and down besides, faster, from second 3 to second 5.

// %%
void Draw(string folder, int first, int count, bool isOdd)
{
    Directory.CreateDirectory(folder);
    for (int i = 0; i < count; i++)
    {
        float discX = 48 + (28 * MathF.Sin((first + i) / 8f));
        float squareY = 30 + (28 * MathF.Sin(i / 3f));
        bool hasSquare = isOdd && i >= 36 && i < 60;
        var dice = new Random(1);
        using var frame = new SKBitmap(96, 96);
        for (int y = 0; y < 96; y++)
        {
            for (int x = 0; x < 96; x++)
            {
                var ground = new SKColor(60, (byte)dice.Next(80, 160), 70);
                var (dx, dy) = (x - discX, y - 68);
                bool isDisc = (dx * dx) + (dy * dy) < 16 * 16;
                bool isSquare = hasSquare && Math.Abs(x - 48) < 18 && Math.Abs(y - squareY) < 18;
                var disc = new SKColor(230, (byte)(90 + (5 * dx)), 60);
                var square = new SKColor((byte)(4 * x % 256), (byte)(90 + (5 * (y - squareY) / 2)), 220);
                frame.SetPixel(
                    x,
                    y,
                    isSquare ? square
                        : isDisc ? disc
                        : ground
                );
            }
        }

        using var file = File.Create($"{folder}/{i:D4}.png");
        frame.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}

Draw("usual", 0, 288, isOdd: false);
Draw("watched", 288, 96, isOdd: true);

var video = new VideoOptions { RowInterval = 0.1, FrameFolderRate = 12 };
IDataView usual = ml.Data.LoadFromVideos("usual", video);
IDataView watched = ml.Data.LoadFromVideos("watched", video);

// %% [markdown]
// ## Learn how it moves
// The motion encoder turns two frames, a quarter of a second apart, into a feature of what changed, for each patch.

// %%
var options = new TdvOptions { Steps = 30, BatchSize = 8 };
var columns = new TdvFeatureOptions { MotionColumnName = "Motion" };
var tdv = ml.Transforms.TdvFeaturize("Features", "Frame", options, columns).Fit(usual);
int width = tdv.Model.Dimension;

// %% [markdown]
// ## One vector for each moment
// The largest value of each feature over all patches: it does not matter where in the picture something moves.

// %%
float[] Largest(float[] grid) =>
    [.. Enumerable.Range(0, width).Select(k => grid.Skip(k).Where((_, i) => i % width == 0).Max())];

IDataView Moments(IEnumerable<float[]> motion)
{
    var rows = motion.Select(grid => new { Motion = Largest(grid) }).ToList();
    var schema = SchemaDefinition.Create(rows[0].GetType());
    schema["Motion"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
    return ml.Data.LoadFromEnumerable(rows, schema);
}

List<float[]> calm = tdv.Transform(usual).GetColumn<float[]>("Motion").ToList();
List<float[]> seen = tdv.Transform(watched).GetColumn<float[]>("Motion").ToList();
Console.WriteLine($"{calm.Count} usual moments, {seen.Count} to watch");

// %% [markdown]
// ## Learn what is usual, and watch
// ML.NET's anomaly detection scores a moment by how badly a few components describe it. What a usual score is, moments
// tell that it has not learned from. So strict a limit raises few false alarms and overlooks most of the odd moments; a
// lower one trades one for the other.

// %%
int known = calm.Count * 2 / 3;
var detector = ml.AnomalyDetection.Trainers.RandomizedPca("Motion", rank: 32).Fit(Moments(calm.Take(known)));
float limit = detector.Transform(Moments(calm.Skip(known))).GetColumn<float>("Score").Max();
float[] scores = detector.Transform(Moments(seen)).GetColumn<float>("Score").ToArray();
float[] times = watched.GetColumn<float>("Time").ToArray();
Console.WriteLine(
    $"alarm at {string.Join(", ", times.Where((_, i) => scores[i] > limit).Select(time => $"{time:F1} s"))}"
);

// %% [markdown]
// ## Look at it
// The calmest and the oddest moment, and how much the network holds to have moved in each patch.

// %%
int calmest = Array.IndexOf(scores, scores.Min());
int oddest = Array.IndexOf(scores, scores.Max());
var maps = seen.Select(motion => FeatureMaps.Magnitude(motion, width)).ToArray();
var heat = HeatMap.Fit(maps);
MLImage[] frames = watched.GetColumn<MLImage>("Frame").ToArray();
new Gallery
{
    { $"calm, {times[calmest]:F1} s", frames[calmest] },
    { "its motion", heat.Paint(maps[calmest], 8, 8, 96, 96) },
    { $"odd, {times[oddest]:F1} s", frames[oddest] },
    { "its motion", heat.Paint(maps[oddest], 8, 8, 96, 96) },
}.Show("motion.png");
