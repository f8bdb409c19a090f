using System.CommandLine;
using System.CommandLine.Parsing;
using Tdv.Tool.Probing;

namespace Tdv.Tool.Commands;

/// <summary>The options of all that probes frozen features.</summary>
internal sealed class ProbeOptions
{
    private readonly Option<string[]> _weights = new("--weights")
    {
        Required = true,
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        Description = "Weights that 'pretrain' wrote; several of one architecture: one for each seed.",
    };
    private readonly Option<string> _train = CommonOptions.Required(
        "--train",
        "LIST",
        "Lines 'image mask [predecessor]' to train on, relative to the list."
    );
    private readonly Option<string> _test = CommonOptions.Required("--test", "LIST", "The same to evaluate on.");
    private readonly Option<string> _classes = CommonOptions.Required(
        "--classes",
        "FILE",
        "Lines 'id name red green blue [ignore]'."
    );
    private readonly Option<string> _output = CommonOptions.Required("--out", "RUN", "The folder that tables go to.");
    private readonly Option<int[]> _layers = new("--layers")
    {
        HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
        Description = "Blocks of the network, from 1. Default: three, evenly spread.",
    };
    private readonly Option<int[]> _longerSides = CommonOptions.Resolutions();
    private readonly Option<bool> _noPosition = new("--no-position")
    {
        Description = "The probe of a network's features does not get the position in the picture.",
    };
    private readonly Option<int?> _seeds = CommonOptions.AtLeastOne(
        "--seeds",
        "N",
        "Repetitions. Default: one for each weights file."
    );

    public void AddTo(Command command)
    {
        foreach (
            var option in (Option[])
                [_weights, _train, _test, _classes, _output, _layers, _longerSides, _noPosition, _seeds]
        )
        {
            command.Add(option);
        }
    }

    public ProbeSettings Of(ParseResult parsed, int? seeds = null)
    {
        string[] weights = parsed.GetValue(_weights)!;
        return new ProbeSettings
        {
            Weights = weights,
            Train = parsed.GetValue(_train)!,
            Test = parsed.GetValue(_test)!,
            Classes = parsed.GetValue(_classes)!,
            Out = parsed.GetValue(_output)!,
            Seeds = parsed.GetValue(_seeds) ?? seeds ?? weights.Length,
            Features = new FeatureChoice(
                CommonOptions.NoneIfEmpty(parsed.GetValue(_layers)),
                CommonOptions.NoneIfEmpty(parsed.GetValue(_longerSides)),
                !parsed.GetValue(_noPosition)
            ),
        };
    }
}
