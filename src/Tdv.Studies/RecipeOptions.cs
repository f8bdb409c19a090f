using System.CommandLine;
using System.CommandLine.Parsing;
using Tdv.Tool.Commands;

namespace Tdv.Studies;

/// <summary>The options of the study of recipes.</summary>
internal sealed class RecipeOptions
{
    private static readonly RecipeSettings Defaults = new()
    {
        Out = "",
        Videos = [],
        Unseen = [],
    };

    private readonly Option<string> _output = CommonOptions.Required(
        "--out",
        "RUN",
        "The folder that weights and results go to; with the same, a study goes on."
    );
    private readonly Option<string[]> _videos = Several(
        "--videos",
        "Videos to learn from: files, folders, patterns such as 'clips/**/*.mp4'."
    );
    private readonly Option<string[]> _unseen = Several(
        "--unseen",
        "Videos to predict frames of; nothing is learned from those."
    );
    private readonly Option<string?> _train = Text(
        "--train",
        "LIST",
        "Lines 'image mask [predecessor]' to train a probe on. Default: no probe."
    );
    private readonly Option<string?> _test = Text("--test", "LIST", "The same to test it with.");
    private readonly Option<string?> _classes = Text("--classes", "FILE", "Lines 'id name red green blue [ignore]'.");
    private readonly Option<int?> _steps = CommonOptions.AtLeastOne(
        "--steps",
        "N",
        $"Of each run. Default: {Defaults.Steps}."
    );
    private readonly Option<int?> _size = CommonOptions.AtLeastOne(
        "--size",
        "PIXELS",
        $"Of the frames. Default: {Defaults.Size}."
    );
    private readonly Option<int?> _seeds = CommonOptions.AtLeastOne(
        "--seeds",
        "N",
        $"Runs of each recipe. Default: {Defaults.Seeds}."
    );
    private readonly Option<string[]> _recipes = new Option<string[]>("--recipes")
    {
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
        Description = "Which recipes, in this order. Default: all of them.",
    }.AcceptOnlyFromAmong([.. StudyRecipe.All.Select(recipe => recipe.Key)]);
    private readonly Option<string?> _table = Text(
        "--table",
        "FILE",
        "The table that figures are noted in. Default: recipe.tsv in RUN."
    );

    public void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [_output, _videos, _unseen, _train, _test, _classes, _steps, _size, _seeds, _recipes, _table]
        )
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            int given = new Option[] { _train, _test, _classes }.Count(option => result.GetResult(option) is not null);
            if (given is not (0 or 3))
            {
                result.AddError("Give --train, --test and --classes together, or none of them.");
            }
        });
    }

    public RecipeSettings Of(ParseResult parsed) =>
        Defaults with
        {
            Out = parsed.GetValue(_output)!,
            Videos = parsed.GetValue(_videos)!,
            Unseen = parsed.GetValue(_unseen)!,
            Train = parsed.GetValue(_train),
            Test = parsed.GetValue(_test),
            Classes = parsed.GetValue(_classes),
            Steps = parsed.GetValue(_steps) ?? Defaults.Steps,
            Size = parsed.GetValue(_size) ?? Defaults.Size,
            Seeds = parsed.GetValue(_seeds) ?? Defaults.Seeds,
            Recipes = parsed.GetValue(_recipes) is { Length: > 0 } names
                ? [.. names.Distinct().Select(name => StudyRecipe.All.Single(recipe => recipe.Key == name))]
                : Defaults.Recipes,
            Table = parsed.GetValue(_table),
        };

    private static Option<string[]> Several(string name, string description) =>
        new(name)
        {
            Required = true,
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
            Description = description,
        };

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
