using System.CommandLine;
using Tdv.Tool.Commands;

namespace Tdv.Studies;

/// <summary>Experiments of many runs, which go on after a stop: <c>./build.sh study NAME</c>.</summary>
internal static class StudyCommand
{
    private const int DefaultSeeds = 3;

    /// <inheritdoc cref="CommandLine.Run(string[])"/>
    public static int Run(string[] arguments) => CommandLine.Run(Create(), "./build.sh study", arguments);

    private static RootCommand Create() =>
        new("Experiments of many runs; one that was stopped goes on with the same command.")
        {
            Ablation(),
            Bias(),
            Labels(),
            Recipes(),
            Reading(),
        };

    private static Command Ablation() =>
        Training(
            "ablation",
            "Trains the recipe without one of its parts at a time, as the paper's Table 4, and compares.",
            (settings, cancellation) => new AblationStudy(settings).Run(cancellation)
        );

    private static Command Bias() =>
        Training(
            "bias",
            "Trains DINO with one bias fewer at a time, as the paper's Table 1, and compares it with TDV.",
            (settings, cancellation) => new BiasStudy(settings).Run(cancellation)
        );

    private static Command Training(string name, string description, Action<StudySettings, CancellationToken> run)
    {
        var options = new StudyOptions();
        var command = new Command(name, description);
        options.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var settings = options.Of(parsed);
                return Run(() => run(settings, cancellation));
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

    private static Command Recipes()
    {
        var options = new RecipeOptions();
        var command = new Command("recipe", "Compares recipes for the smallest network by what its features know.");
        options.AddTo(command);
        command.SetAction(
            (parsed, cancellation) =>
            {
                var settings = options.Of(parsed);
                return Run(() => new RecipeStudy(settings).Run(cancellation));
            }
        );
        return command;
    }

    private static Command Reading()
    {
        var weights = Many("--weights", "FILE", "Trained networks, one for each seed.");
        var videos = Many("--videos", "DIR", "Videos whose frames are moved to learn from.");
        var others = Many("--other-videos", "DIR", "Videos whose frames are moved to measure on.");
        var flow = CommonOptions.Required("--flow", "DIR", "Pairs with true flow, as data sets name them.");
        var output = CommonOptions.Required("--out", "DIR", "Where the table goes.");
        var sizes = new Option<int[]>("--sizes")
        {
            HelpName = "PIXELS",
            AllowMultipleArgumentsPerToken = true,
            Description = "Edges of the squares that pictures are shrunk to. Default: 64.",
            DefaultValueFactory = _ => [64],
        };
        var pairs = CommonOptions.AtLeastOne("--pairs", "N", "Made to learn from. Default: 1500.");
        var untrained = CommonOptions.AtLeastOne("--untrained", "N", "Untrained networks beside. Default: 3.");
        var heldOut = CommonOptions.AtLeastOne("--held-out", "N", "Made to measure on. Default: 100.");
        var all = new Option<bool>("--all")
        {
            Description = "Read from all kinds of features, not from Δz and z alone.",
        };
        var command = new Command("reading", "Finds out how much of optical flow can be read from the encoded motion.")
        {
            weights,
            untrained,
            videos,
            others,
            flow,
            output,
            sizes,
            pairs,
            heldOut,
            all,
        };
        command.SetAction(
            (parsed, cancellation) =>
            {
                var settings = new ReadingStudySettings(
                    parsed.GetValue(weights)!,
                    parsed.GetValue(untrained) ?? DefaultSeeds,
                    parsed.GetValue(videos)!,
                    parsed.GetValue(others)!,
                    parsed.GetValue(flow)!,
                    parsed.GetValue(sizes)!,
                    parsed.GetValue(pairs) ?? 1500,
                    parsed.GetValue(heldOut) ?? 100,
                    parsed.GetValue(all),
                    parsed.GetValue(output)!
                );
                return Run(() => new ReadingStudy(settings).Run(cancellation));
            }
        );
        return command;
    }

    private static Option<string[]> Many(string name, string help, string description) =>
        new(name)
        {
            HelpName = help,
            AllowMultipleArgumentsPerToken = true,
            Required = true,
            Description = description,
        };

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
