using System.CommandLine;
using Tdv.Tool.Importing;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv import</c>: labels that people made elsewhere, as a list that <c>segment</c> takes.</summary>
internal static class ImportCommand
{
    private static readonly ILabelFormat[] Formats =
    [
        new CocoFormat(),
        new LabelStudioFormat(),
        new LabelmeFormat(),
        new CvatFormat(),
    ];

    public static Command Create()
    {
        var format = new Argument<string>("FORMAT")
        {
            Description = "What wrote the labels; CVAT's is 'CVAT for images 1.1'.",
        };
        format.AcceptOnlyFromAmong([.. Formats.Select(one => one.Name)]);
        var input = new Argument<string>("FILE")
        {
            Description = "The export; for labelme a folder of .json files, too.",
        };
        var pictures = new Option<string?>("--pictures")
        {
            HelpName = "DIR",
            Description = "Where the pictures are. Default: beside the export.",
        };
        var output = CommonOptions.Required(
            "--out",
            "DIR",
            "Where masks, list.txt and classes.txt, for 'segment', go."
        );
        var command = new Command("import", "Makes masks, a list and a class file of labels made elsewhere.")
        {
            format,
            input,
            pictures,
            output,
        };
        command.SetAction(parsed =>
        {
            new LabelImport(
                Formats.Single(one => one.Name == parsed.GetValue(format)),
                parsed.GetValue(input)!,
                parsed.GetValue(pictures),
                parsed.GetValue(output)!
            ).Run();
            return CommandLine.Success;
        });
        return command;
    }
}
