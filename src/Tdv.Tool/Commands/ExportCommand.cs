using System.CommandLine;
using Tdv.MLNet;
using Tdv.Tool.Output;

namespace Tdv.Tool.Commands;

/// <summary><c>tdv export</c>: writes a network as an ONNX model.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var output = new Argument<string>("FILE") { Description = "The ONNX model to write." };
        var weights = CommonOptions.Required("--weights", "FILE", "A .safetensors, .pth, .pt or .ckpt file.");
        var height = new Option<int?>("--height") { Description = "Of the frames, in pixels. Default: as trained." };
        var width = new Option<int?>("--width") { Description = "Of the frames, in pixels. Default: as trained." };
        var anySize = new Option<bool>("--dynamic-size")
        {
            Description = "Frames may have any size, in multiples of the patch, instead of one.",
        };
        var layers = new Option<int[]>("--layers")
        {
            Description = "Blocks, counted from 1, whose outputs make a feature. Default: the last.",
            AllowMultipleArgumentsPerToken = true,
        };
        var cls = new Option<bool>("--cls") { Description = "Adds an output Cls, one feature for the frame." };
        var motion = new Option<bool>("--motion")
        {
            Description = "Adds an input PreviousFrame and an output Motion, what moved since then.",
        };
        var options = new LoadOptions();
        var command = new Command("export", "Writes a network as an ONNX model that takes RGB from 0 to 255.")
        {
            output,
            weights,
            height,
            width,
            anySize,
            layers,
            cls,
            motion,
        };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(output)!;
            if (parsed.GetValue(anySize) && (parsed.GetValue(height) ?? parsed.GetValue(width)) is not null)
            {
                throw new UserException(
                    "With --dynamic-size, frames have no one --height and --width: leave them out."
                );
            }

            using var model = TdvModel.Load(parsed.GetValue(weights)!, options.Of(parsed));
            model.ExportOnnx(
                path,
                new TdvFeatureOptions
                {
                    ImageHeight = parsed.GetValue(height),
                    ImageWidth = parsed.GetValue(width),
                    Layers = parsed.GetValue(layers) is { Length: > 0 } some ? some : null,
                    ClsColumnName = parsed.GetValue(cls) ? "Cls" : null,
                    MotionColumnName = parsed.GetValue(motion) ? "Motion" : null,
                },
                parsed.GetValue(anySize)
            );
            Terminal.Line($"saved {path}");
            return CommandLine.Success;
        });
        return command;
    }
}
