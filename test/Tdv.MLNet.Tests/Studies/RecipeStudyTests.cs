using System.Globalization;
using Tdv.MLNet.Pretraining;
using Tdv.Samples.Demo;
using Tdv.Studies;
using Tdv.Tool.Output;
using Xunit;

namespace Tdv.MLNet.Tests.Studies;

[Collection("console")]
public sealed class RecipeStudyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TextWriter _output = Console.Out;

    public RecipeStudyTests() => Console.SetOut(new StringWriter());

    public void Dispose()
    {
        Console.SetOut(_output);
        _folder.Dispose();
    }

    [Fact]
    public void Trains_evaluates_and_notes_each_part_and_does_nothing_twice()
    {
        var data = Data();
        var settings = new RecipeSettings
        {
            Out = _folder["run"],
            Videos = [$"{data.TrainVideos}/*"],
            Unseen = [Directory.GetFiles(data.TrainVideos).Order(StringComparer.Ordinal).First()],
            Train = data.TrainList,
            Test = data.TestList,
            Classes = data.Classes,
            Steps = 2,
            Size = 16,
            Seeds = 1,
            Table = _folder["kept/recipe.tsv"],
        };

        new RecipeStudy(settings).Run(TestContext.Current.CancellationToken);

        string[][] table = Table();
        Assert.Equal(
            [
                ["untrained", "0", "0", "16"],
                ["regularized", "0", "2", "16"],
                ["plain", "0", "2", "16"],
                ["regularization-alone", "0", "2", "16"],
            ],
            table.Skip(1).Select(line => line[..4])
        );
        foreach (
            string name in (string[])
                [
                    "probe",
                    "neighbors",
                    "defaultProbe",
                    "defaultNeighbors",
                    "rank",
                    "deviation",
                    "frameRank",
                    "contentShare",
                ]
        )
        {
            int column = Array.IndexOf(table[0], name);
            Assert.All(
                table.Skip(1),
                line => Assert.InRange(double.Parse(line[column], CultureInfo.InvariantCulture), 0.01, 192)
            );
        }

        Assert.Equal(3, Directory.GetFiles(_folder["run/weights"]).Length);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["run/checkpoints"]));

        // What is finished is read: weights that are gone are not missed, and only the part that is gone is done again.
        string part = _folder["run/parts/untrained-0-16-seed0-video.json"];
        File.Delete(part);
        Directory.Delete(_folder["run/weights"], recursive: true);
        new RecipeStudy(settings).Run(TestContext.Current.CancellationToken);
        Assert.True(File.Exists(part));
        Assert.Equal(table, Table());
    }

    [Fact]
    public void A_stop_leaves_a_checkpoint_to_go_on_from()
    {
        var data = Data();
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var settings = new RecipeSettings
        {
            Out = _folder["run"],
            Videos = [data.TrainVideos],
            Unseen = [Directory.GetFiles(data.TrainVideos)[0]],
        };

        Assert.Throws<OperationCanceledException>(() => new RecipeStudy(settings).Run(stop.Token));
        Assert.False(File.Exists(_folder["run/recipe.tsv"]));
    }

    [Fact]
    public void Unseen_videos_are_not_trained_on()
    {
        string videos = Data().TrainVideos;
        string[] all = [.. Directory.GetFiles(videos).Order(StringComparer.Ordinal)];
        var settings = new RecipeSettings
        {
            Out = _folder["run"],
            Videos = [videos],
            Unseen = [all[0]],
        };

        Assert.Equal(all[1..], new RecipeTraining(settings).Videos());
        Assert.Equal(
            "Every video of --videos is among those of --unseen: name some more to learn from, or others.",
            Assert.Throws<UserException>(() => new RecipeTraining(settings with { Unseen = [videos] }).Videos()).Message
        );
    }

    [Fact]
    public void The_table_keeps_what_others_noted()
    {
        string path = _folder["recipe.tsv"];
        var table = new RecipeTable(path);
        var run = new RecipeRun(StudyRecipe.All[1], Seed: 2, Steps: 30, Size: 64);
        table.Note(run, new Dictionary<string, double> { ["rank"] = 120.25, ["seconds"] = 5 });
        table.Note(run with { Seed = 3 }, new Dictionary<string, double> { ["rank"] = 7 });
        table.Note(run, new Dictionary<string, double> { ["propagation"] = 41.6 });

        string[][] lines = [.. File.ReadAllLines(path).Select(line => line.Split('\t'))];

        Assert.Equal(["recipe", "seed", "steps", "size", "rank", "propagation", "seconds", "cpu", "date"], lines[0]);
        Assert.Equal(["regularized", "2", "30", "64", "120.25", "41.6", "5"], lines[1][..7]);
        Assert.Equal(["regularized", "3", "30", "64", "7", "", ""], lines[2][..7]);

        File.WriteAllText(path, "something else\n");
        Assert.StartsWith(
            $"'{path}' is no table of a study of recipes: its first line names the columns recipe, seed, steps, size, figures, "
                + "seconds, cpu, date, each once",
            Assert
                .Throws<UserException>(() => table.Note(run, new Dictionary<string, double> { ["rank"] = 1 }))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_control_has_the_terms_and_none_of_the_losses()
    {
        var alone = Recipe.From(
            new RecipeRun(StudyRecipe.All.Single(r => r.Key == "regularization-alone"), 0, 5, 64).Options()
        );

        var objective = alone.Training.Objective;
        Assert.Equal((0, 0, 0), (objective.MseWeight, objective.ClsWeight, objective.PatchWeight));
        Assert.Equal(new TdvRegularization(), objective.Regularization);
        Assert.Equal((5, 64, 2e-3), (alone.Training.Steps, alone.Network.TrainingSize, alone.Training.Schedule.Peak));
    }

    private string[][] Table() => [.. File.ReadAllLines(_folder["kept/recipe.tsv"]).Select(line => line.Split('\t'))];

    private DemoData Data()
    {
        var data = new DemoData(
            new DemoOptions
            {
                TrainClips = 2,
                TestClips = 1,
                LabeledClips = 2,
                TrainFramesPerClip = 2,
                TestFramesPerClip = 2,
                Seconds = 1,
                Size = 64,
            },
            _folder["data"]
        );
        data.Write();
        return data;
    }
}
