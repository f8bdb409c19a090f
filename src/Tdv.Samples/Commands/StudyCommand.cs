using System.CommandLine;
using Tdv.Samples.Studies;

namespace Tdv.Samples.Commands;

/// <summary><c>tdv study</c>: experiments of many runs, which go on after a stop.</summary>
internal static class StudyCommand
{
    private const int DefaultSeeds = 3;

    public static Command Create() =>
        new("study", "Experiments of many runs; one that was stopped goes on with the same command.")
        {
            Ablation(),
            Labels(),
        };

    private static Command Ablation()
    {
        var defaults = new AblationSettings { Out = "" };
        var output = CommonOptions.Required("--out", "RUN", "The folder that results and tables go to.");
        var videos = Text("--videos", "DIR", "Videos to learn from. Default: clips that the study films itself.");
        var testVideos = Text("--test-videos", "DIR", "Videos to predict frames of. Default: the same.");
        var train = Text(
            "--train",
            "LIST",
            "Lines 'image mask [predecessor]' to train a probe on. Default: own, or none."
        );
        var test = Text("--test", "LIST", "The same to test it with.");
        var classes = Text("--classes", "FILE", "Lines 'id name red green blue [ignore]'.");
        var steps = CommonOptions.AtLeastOne("--steps", "N", $"Of each run. Default: {defaults.Steps}.");
        var size = CommonOptions.AtLeastOne("--size", "PIXELS", $"Of the frames. Default: {defaults.Size}.");
        var seeds = CommonOptions.AtLeastOne("--seeds", "N", $"Runs of each row. Default: {defaults.Seeds}.");
        var command = new Command(
            "ablation",
            "Trains the recipe without one of its parts at a time, as the paper's Table 4, and compares."
        )
        {
            output,
            videos,
            testVideos,
            train,
            test,
            classes,
            steps,
            size,
            seeds,
        };
        command.Validators.Add(result =>
        {
            int given = new Option[] { train, test, classes }.Count(option => result.GetResult(option) is not null);
            if (given is not (0 or 3))
            {
                result.AddError("Give --train, --test and --classes together, or none of them.");
            }
        });
        command.SetAction(
            (parsed, cancellation) =>
            {
                var settings = defaults with
                {
                    Out = parsed.GetValue(output)!,
                    Videos = parsed.GetValue(videos),
                    TestVideos = parsed.GetValue(testVideos),
                    Train = parsed.GetValue(train),
                    Test = parsed.GetValue(test),
                    Classes = parsed.GetValue(classes),
                    Steps = parsed.GetValue(steps) ?? defaults.Steps,
                    Size = parsed.GetValue(size) ?? defaults.Size,
                    Seeds = parsed.GetValue(seeds) ?? defaults.Seeds,
                };
                return Run(() => new AblationStudy(settings).Run(cancellation));
            }
        );
        return command;
    }

    private static Command Labels()
    {
        var options = new ProbeOptions();
        var fractions = new Option<double[]>("--labels")
        {
            HelpName = "FRACTION",
            AllowMultipleArgumentsPerToken = true,
            Description = "Parts of the training images that have labels. Default: 0.01 0.1 1.",
            DefaultValueFactory = _ => [0.01, 0.1, 1],
        };
        fractions.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (
                    double.TryParse(token.Value, System.Globalization.CultureInfo.InvariantCulture, out double number)
                    && number is not (> 0 and <= 1)
                )
                {
                    result.AddError($"--labels is {token.Value}; it must be above 0 and at most 1.");
                }
            }
        });
        var command = new Command(
            "labels",
            "Compares features by what a probe can do with few labeled images, drawn anew for each seed."
        )
        {
            fractions,
        };
        options.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
                Run(() =>
                    new LabelStudy(options.Of(parsed, DefaultSeeds), parsed.GetValue(fractions)!).Run(cancellation)
                )
        );
        return command;
    }

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Task<int> Run(Action study) =>
        Task.Run(
            () =>
            {
                study();
                return CommandLine.Success;
            },
            CancellationToken.None
        );
}
