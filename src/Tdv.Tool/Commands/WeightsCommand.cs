using System.CommandLine;
using Tdv.MLNet;
using Tdv.Tool.Output;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv weights</c>: looks into files of weights and brings them into another format.</summary>
internal static class WeightsCommand
{
    public static Command Create() =>
        new("weights", "Looks into weights of TDV and DINOv2, or converts them.") { Inspect(), Convert() };

    private static Command Inspect()
    {
        var file = File();
        var options = new LoadOptions();
        var command = new Command("inspect", "Lists a file's tensors and says which network they make.") { file };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            new WeightsInspection(Existing(parsed.GetValue(file)!), options.Of(parsed)).Run();
            return CommandLine.Success;
        });
        return command;
    }

    private static Command Convert()
    {
        var file = File();
        var output = CommonOptions.Required(
            "--out",
            "FILE",
            "Ends in .safetensors, or in .pth for Python's torch.load."
        );
        var options = new LoadOptions();
        var command = new Command("convert", "Writes a file's network by official names in another format.")
        {
            file,
            output,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            using var model = TdvModel.Load(Existing(parsed.GetValue(file)!), options.Of(parsed));
            model.Save(path);
            Terminal.Line($"saved {path}");
            return CommandLine.Success;
        });
        return command;
    }

    private static Argument<string> File() =>
        new("FILE") { Description = "A .safetensors, .pth, .pt or .ckpt file; the content decides." };

    private static string Existing(string path) =>
        System.IO.File.Exists(path) ? path : throw new UserException($"The file '{path}' does not exist.");
}
