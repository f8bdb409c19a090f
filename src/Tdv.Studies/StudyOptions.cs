using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Tdv.Tool.Commands;

namespace Tdv.Studies;

/// <summary>The options of all studies that train.</summary>
internal sealed class StudyOptions
{
    private static readonly StudySettings Defaults = new() { Out = "" };

    private readonly Option<string> _output = CommonOptions.Required(
        "--out",
        "RUN",
        "The folder that results and tables go to."
    );
    private readonly Option<string?> _videos = CommonOptions.Text(
        "--videos",
        "DIR",
        "Videos to learn from. Default: clips that the study films itself."
    );
    private readonly Option<string?> _testVideos = CommonOptions.Text(
        "--test-videos",
        "DIR",
        "Videos to predict frames of. Default: the same."
    );
    private readonly LabeledOptions _labeled = new();
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
    private readonly Option<double?> _rate = new("--rate")
    {
        HelpName = "RATE",
        Description = "The learning rate after warm-up. Default: 0.002, the tiny preset's.",
    };
    private readonly Option<int?> _seeds = CommonOptions.AtLeastOne(
        "--seeds",
        "N",
        $"Runs of each row. Default: {Defaults.Seeds}."
    );

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_output, _videos, _testVideos, _steps, _size, _rate, _seeds])
        {
            command.Add(option);
        }

        _rate.Validators.Add(result =>
        {
            if (
                result.Tokens.Count == 1
                && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double rate)
                && rate is not (> 0 and < 1)
            )
            {
                result.AddError($"--rate is {result.Tokens[0].Value}; it must be above 0 and below 1.");
            }
        });
        _labeled.AddTo(command);
    }

    public StudySettings Of(ParseResult parsed)
    {
        var (train, test, classes) = _labeled.Of(parsed);
        return Defaults with
        {
            Out = parsed.GetValue(_output)!,
            Videos = parsed.GetValue(_videos),
            TestVideos = parsed.GetValue(_testVideos),
            Train = train,
            Test = test,
            Classes = classes,
            Steps = parsed.GetValue(_steps) ?? Defaults.Steps,
            Size = parsed.GetValue(_size) ?? Defaults.Size,
            LearningRate = parsed.GetValue(_rate),
            Seeds = parsed.GetValue(_seeds) ?? Defaults.Seeds,
        };
    }
}
