namespace Tdv.MLNet.Foundation;

/// <summary>Where files go that nobody keeps: the system's temporary folder, and where that is of no use, the application's.</summary>
internal static class TemporaryPlaces
{
    private const string Remedy = "Set TMPDIR (Windows: TEMP) to a folder that can be written to and has room.";

    /// <summary>In the order in which they are tried.</summary>
    public static IReadOnlyList<string> Folders => [Path.GetTempPath(), AppContext.BaseDirectory];

    /// <summary>A folder as messages name it.</summary>
    public static string Describe(string folder) =>
        folder == Path.GetTempPath() ? $"the temporary folder '{folder}' (TMPDIR; Windows: TEMP)" : $"'{folder}'";

    /// <summary>Uses the first folder that can be used.</summary>
    /// <param name="what">What is to be kept there, for the message.</param>
    /// <param name="use">Uses a folder; throws if it cannot.</param>
    /// <param name="folders">Default: <see cref="Folders"/>.</param>
    /// <param name="warn">Is told what was wrong with those before.</param>
    /// <exception cref="IOException">None can be used: every one is named, with what is wrong with it.</exception>
    public static T First<T>(
        string what,
        Func<string, T> use,
        IEnumerable<string>? folders = null,
        Action<string>? warn = null
    )
    {
        var faults = new Faults();
        foreach (string folder in folders ?? Folders)
        {
            try
            {
                T used = use(folder);
                if (faults.Count > 0)
                {
                    warn?.Invoke(
                        faults.Text($"{what} are kept in '{folder}', since elsewhere they cannot be. {Remedy}")
                    );
                }

                return used;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                faults.Add($"{Describe(folder)}: {exception.Message}");
            }
        }

        throw new IOException(faults.Text($"{what} cannot be kept anywhere. {Remedy}"));
    }

    /// <summary>A file for this process alone, which is gone with its handle, also when the process is killed.</summary>
    /// <exception cref="IOException">It cannot be made in this folder.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be.</exception>
    public static FileStream OpenPrivate(string folder)
    {
        string path = Path.Combine(folder, $"tdv-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.RandomAccess | FileOptions.DeleteOnClose,
        };
        if (OperatingSystem.IsWindows())
        {
            return new FileStream(path, options);
        }

        options.Options = FileOptions.RandomAccess;
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        // What has no name cannot be left behind.
        File.Delete(path);
        return file;
    }
}
