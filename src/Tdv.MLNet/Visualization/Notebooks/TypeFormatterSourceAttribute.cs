namespace Tdv.MLNet.Visualization;

/// <summary>
/// Names the formatters of a type. .NET Interactive looks for an attribute of this name and these properties, whichever
/// library declares it, so that no reference to its packages is needed.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; set; } = [];
}
