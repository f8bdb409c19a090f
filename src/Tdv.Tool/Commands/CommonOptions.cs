using System.CommandLine;
using Tdv.MLNet;
using Tdv.MLNet.Pretraining;
using Tdv.Tool.Pipeline;

namespace Tdv.Tool.Commands;

/// <summary>Options that several verbs have.</summary>
internal static class CommonOptions
{
    public static Option<string> Required(string name, string value, string description) =>
        new(name)
        {
            Required = true,
            HelpName = value,
            Description = description,
        };

    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    public static Option<string> Model() =>
        new("--model", "--weights")
        {
            Required = true,
            HelpName = "FILE",
            Description = "A run of 'pretrain', weights, or a model.zip of 'segment'.",
        };

    public static Option<string> Preset()
    {
        var option = new Option<string>("--preset")
        {
            Description = "The size of the network: tiny for a CPU, small and base for a GPU.",
            DefaultValueFactory = _ => "tiny",
        };
        return option.AcceptOnlyFromAmong(
            StringComparer.OrdinalIgnoreCase,
            [.. Enum.GetNames<TdvPreset>().Select(Lower)]
        );
    }

    public static Option<string> Precision()
    {
        var option = new Option<string>("--precision")
        {
            Description = "Of matrix products; automatic is float32 on a CPU, bfloat16 on a GPU.",
            DefaultValueFactory = _ => "automatic",
        };
        return option.AcceptOnlyFromAmong(
            StringComparer.OrdinalIgnoreCase,
            [.. Enum.GetNames<TdvPrecision>().Select(Lower)]
        );
    }

    public static Option<int?> Steps() => AtLeastOne("--steps", null, "Pretraining steps. Default: the preset's.");

    public static Option<int?> Size() =>
        AtLeastOne(
            "--size",
            "PIXELS",
            "Edge of the squares that frames are shrunk to. Default: the preset's (64 for tiny, 224 for the others)."
        );

    public static Option<double?> Regularization() =>
        new("--regularization")
        {
            HelpName = "WEIGHT",
            Description =
                "Of the variance and covariance terms that keep features from collapsing; 0 is none. "
                + "Default: the preset's (1 for tiny, 0 for the others).",
        };

    public static Option<int?> AtLeastOne(string name, string? value, string description)
    {
        var option = new Option<int?>(name) { HelpName = value, Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int number) && number < 1)
            {
                result.AddError($"{name} is {number}; it must be at least 1.");
            }
        });
        return option;
    }

    public static Option<int[]> Resolutions()
    {
        var option = new Option<int[]>("--resolution")
        {
            HelpName = "PIXELS",
            AllowMultipleArgumentsPerToken = true,
            Description =
                "The longer side that images are resized to; several put features of several sizes side by side. "
                + "Default: their own, within limits set by the training size.",
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (int.TryParse(token.Value, out int number) && number < 1)
                {
                    result.AddError($"{option.Name} is {number}; it must be at least 1.");
                }
            }
        });
        return option;
    }

    /// <summary>An option that was not given is null rather than empty.</summary>
    public static int[]? NoneIfEmpty(int[]? values) => values is { Length: > 0 } ? values : null;

    public static Option<string> Trainer()
    {
        var option = new Option<string>("--trainer")
        {
            Description = "The classifier of pixels.",
            DefaultValueFactory = _ => Trainers.Lbfgs,
        };
        return option.AcceptOnlyFromAmong([.. Trainers.Names]);
    }

    public static Option<int?> Stride() =>
        AtLeastOne(
            "--stride",
            "PIXELS",
            "Classify every so many pixels instead of the cells of the grid; of use to lightgbm."
        );

    public static Option<bool?> FollowEdges() =>
        new("--follow-edges")
        {
            HelpName = "true|false",
            Description = "Whether borders of masks move onto edges of the picture.",
        };

    public static Option<int> Seed() =>
        new("--seed")
        {
            Description = "The same seed on the same machine gives the same result.",
            DefaultValueFactory = _ => 0,
        };

    public static TdvPreset PresetOf(string name) => Enum.Parse<TdvPreset>(name, ignoreCase: true);

#pragma warning disable CA1308 // these are shown and typed, not compared
    private static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308
}
