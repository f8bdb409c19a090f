namespace Tdv.MLNet.Visualization;

/// <summary>Writes a <see cref="Gallery"/> as HTML into a notebook; .NET Interactive finds the members by their names.</summary>
internal sealed class GalleryFormatter
{
#pragma warning disable CA1822 // found by reflection on an instance
    public string MimeType => "text/html";

    /// <summary>Asked of what <see cref="TypeFormatterSourceAttribute"/> names.</summary>
    public IEnumerable<object> CreateTypeFormatters() => [this];

    public bool Format(object instance, TextWriter writer)
#pragma warning restore CA1822
    {
        if (instance is not Gallery gallery)
        {
            return false;
        }

        writer.Write(gallery.ToHtml());
        return true;
    }
}
