using System.CommandLine;
using System.CommandLine.Parsing;
using Tdv.Tool.Motion;

namespace Tdv.Tool.Commands;

/// <summary>The options of all that matches pictures by features.</summary>
internal sealed class MatchingOptions
{
    private readonly Option<double> _scale = new("--scale")
    {
        HelpName = "N",
        Description = "Compute features of pictures so many times as large: more cells, more time and memory.",
        DefaultValueFactory = _ => 1,
    };

    /// <param name="reach">Pixels, by default.</param>
    /// <param name="what">What lies further away than that.</param>
    public MatchingOptions(int reach, string what)
    {
        Reach = CommonOptions.AtLeastOne("--reach", "PIXELS", $"{what} is not found. Default: {reach}.");
        DefaultReach = reach;
        _scale.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && !(result.GetValueOrDefault<double>() is >= 0.1 and <= 8))
            {
                result.AddError($"--scale is {result.Tokens[0].Value}; it must be from 0.1 to 8.");
            }
        });
    }

    private Option<int?> Reach { get; }

    private int DefaultReach { get; }

    public void AddTo(Command command)
    {
        command.Add(_scale);
        command.Add(Reach);
    }

    public double ScaleOf(ParseResult parsed) => parsed.GetValue(_scale);

    public int ReachOf(ParseResult parsed) => parsed.GetValue(Reach) ?? DefaultReach;

    /// <summary>A command below <c>evaluate</c>.</summary>
    public Command Evaluate(
        string name,
        string description,
        string data,
        Action<MatchingSettings, CancellationToken> run,
        Option<string[]>? pictures = null
    )
    {
        var folder = CommonOptions.Required("--data", "DIR", data);
        var output = CommonOptions.Required("--out", "RUN", "The folder that tables and pictures go to.");
        var weights = new Option<string[]>("--weights")
        {
            Required = true,
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
            Description = "Weights that 'pretrain' wrote, or its runs; several of one architecture: one for each seed.",
        };
        var command = new Command(name, description) { folder, weights, output };
        AddTo(command);
        if (pictures is not null)
        {
            command.Add(pictures);
        }

        command.SetAction(
            (parsed, cancellation) =>
                Task.Run(
                    () =>
                    {
                        var settings = new MatchingSettings(
                            parsed.GetValue(folder)!,
                            parsed.GetValue(weights)!,
                            parsed.GetValue(output)!,
                            ScaleOf(parsed),
                            ReachOf(parsed),
                            pictures is null ? [] : parsed.GetValue(pictures) ?? []
                        );
                        run(settings, cancellation);
                        return CommandLine.Success;
                    },
                    CancellationToken.None
                )
        );
        return command;
    }
}
