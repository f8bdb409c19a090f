using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tdv.Tool.Reporting;

/// <summary>
/// Interpolation into HTML: the literal parts are code, texts and numbers in the holes are encoded, so that nothing a user
/// wrote can become code.
/// </summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlHandler(int literalLength, int formattedCount)
{
    private readonly StringBuilder _code = new(literalLength + (16 * formattedCount));

    public void AppendLiteral(string code) => _code.Append(code);

    public void AppendFormatted(Html html) => _code.Append(html.Code);

    public void AppendFormatted(IEnumerable<Html> parts) => _code.AppendJoin("", parts.Select(part => part.Code));

    public void AppendFormatted(string? text) => _code.Append(WebUtility.HtmlEncode(text));

    public void AppendFormatted<T>(T number, string? format = null)
        where T : struct, IFormattable => _code.Append(number.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _code.ToString();
}
