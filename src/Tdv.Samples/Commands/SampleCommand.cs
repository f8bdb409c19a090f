using System.CommandLine;
using Tdv.MLNet.Featurizing;
using Tdv.Samples.Demo;
using Tdv.Samples.Output;
using Tdv.Samples.Pipeline;
using Tdv.Samples.Samples;

namespace Tdv.Samples.Commands;

/// <summary><c>tdv sample NAME</c>: runs the code of <c>Samples/</c>, one file for each task, on data it films itself.</summary>
internal static class SampleCommand
{
    private const int Steps = 40;

    private static readonly DemoOptions Short = new()
    {
        TrainClips = 12,
        LabeledClips = 12,
        TestClips = 4,
        Size = 96,
        Seconds = 1,
    };

    public static Command Create() =>
        new(
            "sample",
            "Runs a sample, seconds each, on data that it films itself; the code is in src/Tdv.Samples/Samples."
        )
        {
            Sample("pretrain", "Learn from video, keep the weights in a file.", Pretraining),
            Sample("segment", "Paint masks by looks and motion, and measure them.", Segmenting),
            Sample("few-labels", "Masks learned from one, four and twelve labeled frames.", Labeling),
            Sample("motion-alarm", "Flag the moments of a video at which things move in an unusual way.", Watching),
            Sample("export", "Write a network as an ONNX model.", Exporting),
            Sample("official-weights", "Compute features with a checkpoint of official names.", Reusing),
        };

    private static Command Sample(string name, string description, Action<string> run)
    {
        var output = new Option<string>("--out")
        {
            HelpName = "DIR",
            Description = "Where the data and the results go.",
            DefaultValueFactory = _ => Path.Combine("tdv-samples", name),
        };
        var command = new Command(name, description) { output };
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(output)!;
            OutputFolder.Prepare(folder);
            run(folder);
            return CommandLine.Success;
        });
        return command;
    }

    private static void Pretraining(string folder)
    {
        string weights = Path.Combine(folder, "weights.safetensors");
        Pretrain.Run(Film(folder).TrainVideos, weights, Steps);
        Terminal.Line($"saved {weights}");
    }

    private static void Segmenting(string folder)
    {
        string zip = Path.Combine(folder, "model.zip");
        Film(folder);
        Terminal.Line(Segment.Run(folder, Weights(folder), zip).GetFormattedTable());
        Terminal.Line($"saved {zip}");
    }

    private static void Labeling(string folder)
    {
        Film(folder);
        FewLabels.Run(folder, Weights(folder), 1, 4, 12);
    }

    private static void Watching(string folder)
    {
        var clips = new CameraClips(folder);
        clips.Write(seed: 0);
        Terminal.Line(
            $"a square goes up and down from {CameraClips.OddFrom} s to {CameraClips.OddUntil} s in {clips.Watched}"
        );
        var alarms = MotionAlarm.Run(clips.Usual, clips.Watched, Steps);
        Terminal.Line($"alarm at {string.Join(", ", alarms.Select(time => $"{time:F1} s"))}");
    }

    private static void Exporting(string folder) => Export.Run(Weights(folder), Path.Combine(folder, "model.onnx"));

    private static void Reusing(string folder)
    {
        string checkpoint = Path.Combine(folder, "official.pth");
        using (var model = TdvModel.Create(TdvPreset.Tiny, seed: 0))
        {
            model.Save(checkpoint);
            Terminal.Line($"{checkpoint} has random weights under the official names, in place of a real checkpoint");
        }

        var features = OfficialWeights.Run(checkpoint, Film(folder).TrainVideos);
        Terminal.Line($"{features.Count} frames, {features[0].Length} features each");
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
            Terminal.Line($"the network has random weights; put those of 'sample pretrain' at {path} to use them");
        }

        return path;
    }
}
