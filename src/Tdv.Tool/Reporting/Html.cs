namespace Tdv.Tool.Reporting;

/// <summary>A piece of HTML. It is made by interpolation, which encodes whatever is not HTML itself.</summary>
/// <param name="Code">Valid as the content of an element.</param>
internal readonly record struct Html(string Code)
{
    public static readonly Html Nothing = new("");

    public static Html Of(HtmlHandler code) => new(code.ToString());

    public override string ToString() => Code;
}
