using Tdv.MLNet.Foundation;

namespace Tdv.Tool.Pipeline;

/// <summary>The names by which results say of which model they are: the SHA-256 of its file.</summary>
internal static class ModelHash
{
    private const int Shown = 12;

    /// <param name="file">A model or weights.</param>
    public static string Of(string file) => OwnFile.Hash(file);

    /// <summary>As many digits as a person compares.</summary>
    public static string Short(string hash) => hash.Length > Shown ? hash[..Shown] : hash;
}
