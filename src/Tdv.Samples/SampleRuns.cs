using Tdv.MLNet;
using Tdv.Samples.Demo;

namespace Tdv.Samples;

/// <summary>Runs a sample by its name, seconds each, on data that it films itself.</summary>
public static class SampleRuns
{
    private const int Steps = 40;
    private const int TellingSteps = 200;

    private static readonly DemoOptions Short = new()
    {
        TrainClips = 12,
        LabeledClips = 12,
        TestClips = 4,
        Size = 96,
        Seconds = 1,
    };

    private static readonly (string Name, string Description, Action<string> Run)[] All =
    [
        ("pretrain", "Learn from video, keep the weights in a file.", Pretraining),
        ("segment", "Paint masks by looks and motion, and measure them.", Segmenting),
        ("few-labels", "Masks learned from one, four and twelve labeled frames.", Labeling),
        ("label-one-frame", "Carry the mask of one frame through a video, and train on all of it.", Carrying),
        ("motion-alarm", "Flag the moments of a video at which things move in an unusual way.", Watching),
        ("tell-moves", "Tell clips apart by how the camera moves in them.", Telling),
        ("export", "Write a network as an ONNX model.", Exporting),
        ("official-weights", "Compute features with a checkpoint of official names.", Reusing),
    ];

    /// <param name="arguments">The sample's name, and a folder for data and results if <c>tdv-samples/NAME</c> does not suit.</param>
    /// <returns>0: done; 2: there is no such sample.</returns>
    public static int Run(string[] arguments)
    {
        var sample = All.FirstOrDefault(sample => sample.Name == arguments.FirstOrDefault());
        if (sample.Run is null || arguments.Length > 2)
        {
            Console.WriteLine("usage: dotnet run -c Release --project src/Tdv.Samples -- NAME [FOLDER]\n");
            foreach (var (name, description, _) in All)
            {
                Console.WriteLine($"  {name, -18}{description}");
            }

            return 2;
        }

        string folder = arguments.ElementAtOrDefault(1) ?? Path.Combine("tdv-samples", sample.Name);
        Directory.CreateDirectory(folder);
        sample.Run(folder);
        return 0;
    }

    private static void Pretraining(string folder)
    {
        string weights = Path.Combine(folder, "weights.safetensors");
        Pretrain.Run(Film(folder).TrainVideos, weights, Steps);
        Console.WriteLine($"saved {weights}");
    }

    private static void Segmenting(string folder)
    {
        string zip = Path.Combine(folder, "model.zip");
        Film(folder);
        Console.WriteLine(Segment.Run(folder, Weights(folder), zip).GetFormattedTable());
        Console.WriteLine($"saved {zip}");
    }

    private static void Labeling(string folder)
    {
        Film(folder);
        FewLabels.Run(folder, Weights(folder), 1, 4, 12);
    }

    private static void Carrying(string folder)
    {
        new LabeledClip(folder).Write(seed: 0);
        LabelOneFrame.Run(folder, Weights(folder));
    }

    private static void Watching(string folder)
    {
        var clips = new CameraClips(folder);
        clips.Write(seed: 0);
        Console.WriteLine(
            $"a square goes up and down from {CameraClips.OddFrom} s to {CameraClips.OddUntil} s in {clips.Watched}"
        );
        var alarms = MotionAlarm.Run(clips.Usual, clips.Watched, Steps);
        Console.WriteLine($"alarm at {string.Join(", ", alarms.Select(time => $"{time:F1} s"))}");
    }

    private static void Telling(string folder)
    {
        var clips = new MoveClips(folder);
        var (motion, looks, color) = TellMoves.Run(
            clips.Write("train", textures: 12, seed: 0),
            clips.Write("test", textures: 6, seed: 1),
            TellingSteps,
            seed: 0
        );
        Console.WriteLine(
            $"8 kinds of moves told right by motion: {motion:P0}, by looks: {looks:P0}, by mean color: {color:P0}"
        );
    }

    private static void Exporting(string folder) => Export.Run(Weights(folder), Path.Combine(folder, "model.onnx"));

    private static void Reusing(string folder)
    {
        string checkpoint = Path.Combine(folder, "official.pth");
        using (var model = TdvModel.Create(TdvPreset.Tiny, seed: 0))
        {
            model.Save(checkpoint);
            Console.WriteLine(
                $"{checkpoint} has random weights under the official names, in place of a real checkpoint"
            );
        }

        var features = OfficialWeights.Run(checkpoint, Film(folder).TrainVideos);
        Console.WriteLine($"{features.Count} frames, {features[0].Length} features each");
    }

    private static DemoData Film(string folder)
    {
        var data = new DemoData(Short, folder);
        data.Write();
        return data;
    }

    /// <summary>These samples begin where another ended. Random weights stand in for its: they take no time.</summary>
    private static string Weights(string folder)
    {
        string path = Path.Combine(folder, "weights.safetensors");
        if (!File.Exists(path))
        {
            using var model = TdvModel.Create(TdvPreset.Tiny, seed: 0);
            model.Save(path);
            Console.WriteLine(
                $"the network has random weights; put those of the sample 'pretrain' at {path} to use them"
            );
        }

        return path;
    }
}
