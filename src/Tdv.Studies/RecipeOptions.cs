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
    private readonly LabeledOptions _labeled = new();
    private readonly Option<string?> _davis = CommonOptions.Text(
        "--davis",
        "DIR",
        "DAVIS, with JPEGImages and Annotations, to carry masks through. Default: none."
    );
    private readonly Option<string[]> _sequences = new("--sequences")
    {
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
        Description = "Of DAVIS: those of a half, say, to choose by. Default: all.",
    };
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
        Description = "Which recipes, in this order. Default: the one that works and what it is made of.",
    }.AcceptOnlyFromAmong([.. StudyRecipe.All.Select(recipe => recipe.Key)]);
    private readonly Option<string?> _table = CommonOptions.Text(
        "--table",
        "FILE",
        "The table that figures are noted in. Default: recipe.tsv in RUN."
    );

    public void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [_output, _videos, _unseen, _davis, _sequences, _steps, _size, _seeds, _recipes, _table]
        )
        {
            command.Add(option);
        }

        _labeled.AddTo(command);
    }

    public RecipeSettings Of(ParseResult parsed)
    {
        var (train, test, classes) = _labeled.Of(parsed);
        return Defaults with
        {
            Out = parsed.GetValue(_output)!,
            Videos = parsed.GetValue(_videos)!,
            Unseen = parsed.GetValue(_unseen)!,
            Train = train,
            Test = test,
            Classes = classes,
            Davis = parsed.GetValue(_davis),
            Sequences = parsed.GetValue(_sequences) ?? [],
            Steps = parsed.GetValue(_steps) ?? Defaults.Steps,
            Size = parsed.GetValue(_size) ?? Defaults.Size,
            Seeds = parsed.GetValue(_seeds) ?? Defaults.Seeds,
            Recipes = parsed.GetValue(_recipes) is { Length: > 0 } names
                ? [.. names.Distinct().Select(name => StudyRecipe.All.Single(recipe => recipe.Key == name))]
                : Defaults.Recipes,
            Table = parsed.GetValue(_table),
        };
    }

    private static Option<string[]> Several(string name, string description) =>
        new(name)
        {
            Required = true,
            HelpName = "PATH",
            AllowMultipleArgumentsPerToken = true,
            Description = description,
        };
}
