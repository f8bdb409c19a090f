using System.CommandLine;

namespace Tdv.Tool.Commands;

/// <summary>
/// Options with decimals. .NET takes a comma for what parts thousands, so that 0,5 would be 5 without a word: it is refused.
/// </summary>
internal static class Decimals
{
    /// <summary>Lets all such options of a command, and of those below it, refuse commas.</summary>
    public static void RefuseCommas(Command command)
    {
        foreach (var option in command.Options.Where(option => IsDecimal(option.ValueType)))
        {
            option.Validators.Add(result =>
            {
                foreach (var token in result.Tokens.Where(token => token.Value.Contains(',')))
                {
                    result.AddError($"{option.Name} is {token.Value}; decimals are written with a point, as 0.5.");
                }
            });
        }

        foreach (var part in command.Subcommands)
        {
            RefuseCommas(part);
        }
    }

    private static bool IsDecimal(Type type) =>
        type == typeof(double) || type == typeof(double?) || type == typeof(double[]);
}
