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
