using System.IO.Compression;
using System.Xml.Linq;

namespace Tdv.MLNet.Packaging;

/// <summary>What a .nupkg or .snupkg holds and says about itself.</summary>
internal sealed class PackageFile : IDisposable
{
    private readonly ZipArchive _zip;
    private readonly XElement _metadata;

    public PackageFile(string path)
    {
        _zip = ZipFile.OpenRead(path);
        using var nuspec = _zip
            .Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal))
            .Open();
        _metadata = XDocument.Load(nuspec).Root!.Elements().Single();
    }

    /// <summary>The files, without those that only the format needs.</summary>
    public IEnumerable<string> Files =>
        _zip
            .Entries.Select(entry => entry.FullName)
            .Where(name => !name.EndsWith(".nuspec", StringComparison.Ordinal) && !name.EndsWith(".psmdcp", default))
            .Where(name => name is not ("_rels/.rels" or "[Content_Types].xml"))
            .Order(StringComparer.Ordinal);

    /// <summary>The frameworks that have dependencies of their own; an empty name stands for all.</summary>
    public IEnumerable<string> DependencyGroups =>
        Elements("dependencies")
            .Single()
            .Elements()
            .Select(element => element.Attribute("targetFramework")?.Value ?? "")
            .Distinct();

    /// <summary>Names and versions of the packages that come along.</summary>
    public IReadOnlyDictionary<string, string> Dependencies =>
        Elements("dependency")
            .ToDictionary(element => element.Attribute("id")!.Value, element => element.Attribute("version")!.Value);

    public string this[string name] => Elements(name).Single().Value;

    public IEnumerable<XElement> Elements(string name) =>
        _metadata.Descendants().Where(element => element.Name.LocalName == name);

    public byte[] Read(string name)
    {
        using var stream = _zip.GetEntry(name)!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public void Dispose() => _zip.Dispose();
}
