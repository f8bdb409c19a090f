namespace Tdv.MLNet.Tests;

/// <summary>A folder for one test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("tdv-samples-").FullName;

    public string this[string name] => Path.Combine(FullName, name);

    public string Write(string name, params string[] lines)
    {
        File.WriteAllLines(this[name], lines);
        return this[name];
    }

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
