using System.CommandLine;
using System.CommandLine.Parsing;
using Tdv.Tool.Commands;

namespace Tdv.Studies;

/// <summary>The options of studies that probe features with labeled images: all three are given, or none.</summary>
internal sealed class LabeledOptions
{
    private readonly Option<string?> _train = CommonOptions.Text(
        "--train",
        "LIST",
        "Lines 'image mask [predecessor]' to train a probe on. Default: the study's own, or no probe."
    );
    private readonly Option<string?> _test = CommonOptions.Text("--test", "LIST", "The same to test it with.");
    private readonly Option<string?> _classes = CommonOptions.Text(
        "--classes",
        "FILE",
        "Lines 'id name red green blue [ignore]'."
    );

    public void AddTo(Command command)
    {
        Option[] options = [_train, _test, _classes];
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (options.Count(option => result.GetResult(option) is not null) is not (0 or 3))
            {
                result.AddError("Give --train, --test and --classes together, or none of them.");
            }
        });
    }

    public (string? Train, string? Test, string? Classes) Of(ParseResult parsed) =>
        (parsed.GetValue(_train), parsed.GetValue(_test), parsed.GetValue(_classes));
}
