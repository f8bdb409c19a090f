namespace Tdv.MLNet.Visualization;

/// <summary>What .NET Interactive asks for the formatters of a <see cref="Gallery"/>; it finds the members by their names.</summary>
internal sealed class GalleryFormatters
{
#pragma warning disable CA1822 // found by reflection on an instance
    public IEnumerable<object> CreateTypeFormatters() => [new GalleryFormatter()];
#pragma warning restore CA1822
}
