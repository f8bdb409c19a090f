using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tdv.Tool.Reporting;

/// <summary>A cell of a table.</summary>
/// <param name="Text">What is shown.</param>
/// <param name="Number">What is compared: of a number, or of a text such as <c>27.6 ± 0.3</c>; null for other texts.</param>
internal sealed partial record TableCell(string Text, double? Number)
{
    /// <summary>More digits than that say nothing; they are rounded.</summary>
    private const int MostDigits = 7;

    /// <exception cref="JsonException">It is neither a text nor a number.</exception>
    public static TableCell From(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Number => OfNumber(element),
            JsonValueKind.String => OfText(element.GetString()!),
            JsonValueKind.Null => new TableCell("–", null),
            _ => throw new JsonException($"A cell is {element.ValueKind}, neither a text nor a number."),
        };

    /// <summary>Digits behind the point; 0 of a text that is more than a number, or none.</summary>
    public int Decimals =>
        IsPlain && Text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var at ? Text.Length - at - 1 : 0;

    private bool IsPlain => Number is not null && PlainNumber().IsMatch(Text);

    /// <summary>With so many digits, to stand below others that have them.</summary>
    public TableCell With(int decimals) =>
        IsPlain && decimals > Decimals
            ? this with
            {
                Text = Number!.Value.ToString($"F{decimals}", CultureInfo.InvariantCulture),
            }
            : this;

    private static TableCell OfNumber(JsonElement element)
    {
        double number = element.GetDouble();
        string text = element.GetRawText();
        return new TableCell(
            text.Length > MostDigits && number != Math.Truncate(number) ? Figure.Text(number) : text,
            number
        );
    }

    private static TableCell OfText(string text)
    {
        var match = LeadingNumber().Match(text);
        return new TableCell(
            text,
            match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : null
        );
    }

    [GeneratedRegex(@"^\s*([+-]?\d+(?:\.\d+)?)\s*(?:%|(?:±|\(|/).*)?\s*$")]
    private static partial Regex LeadingNumber();

    [GeneratedRegex(@"^[+-]?\d+(?:\.\d+)?$")]
    private static partial Regex PlainNumber();
}
