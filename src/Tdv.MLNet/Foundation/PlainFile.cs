namespace Tdv.MLNet.Foundation;

/// <summary>
/// Files that a user names: only plain ones with bytes in them are opened. A read of a pipe, a socket or a device could wait
/// for ever.
/// </summary>
internal static class PlainFile
{
    /// <param name="path">As the user named it.</param>
    /// <param name="most">Bytes; more are not read.</param>
    /// <returns>What keeps the file from being read, in words that follow its name; null: nothing.</returns>
    public static string? Fault(string path, long most = long.MaxValue) =>
        Directory.Exists(path) ? "is a folder"
        : !File.Exists(path) ? "does not exist"
        : !RealPath.HasBytes(path) ? "is empty, or no plain file"
        : new FileInfo(RealPath.Of(path)).Length is var length && length > most
            ? FormattableString.Invariant($"has {length} bytes; at most {most} are read")
        : null;

    /// <summary>For readers that then open the file.</summary>
    /// <param name="path">As the user named it.</param>
    /// <param name="what">It is, to begin the message with: <c>The flow</c>. Empty: nothing.</param>
    /// <param name="most">Bytes; more are not read.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder, empty, too long, or no plain file.</exception>
    public static void Require(string path, string what, long most = long.MaxValue)
    {
        if (Fault(path, most) is { } fault)
        {
            string message = $"{what} {Shown.Name(path)} {fault}.".TrimStart();
            throw Path.Exists(path) ? new InvalidDataException(message) : new FileNotFoundException(message, path);
        }
    }

    /// <summary>
    /// All of a file of the product's own, such as a run's notes, which may be missing or replaced by anything.
    /// </summary>
    /// <exception cref="IOException">There is no such plain file, or it cannot be read.</exception>
    public static string ReadText(string path) =>
        Fault(path) is { } fault ? throw new IOException($"{Shown.Name(path)} {fault}.") : File.ReadAllText(path);
}
