namespace Tdv.MLNet.Foundation;

/// <summary>
/// A folder that knows which files are its own, and touches no others: whatever it writes is whole or not there, and one
/// process at a time writes. Beside the files is <c>.tdv</c>, with the lock, the list of own files, and what is being written.
/// </summary>
internal sealed class OwnFolder : IDisposable
{
    /// <summary>The folder beside the files.</summary>
    public const string Hidden = ".tdv";
    private const string LockName = "lock";
    private const string HelperLockName = "lock.helper";
    private const string ListName = "files.jsonl";
    private readonly string _hidden;
    private readonly OwnFileList _list;
    private FileStream? _lock;

    private OwnFolder(string path)
    {
        FullName = Path.GetFullPath(path);
        _hidden = Path.Combine(FullName, Hidden);
        _list = new OwnFileList(Path.Combine(_hidden, ListName));
    }

    public string FullName { get; }

    /// <summary>Whether it knew of no own file when it was opened.</summary>
    public bool IsNew { get; private set; }

    /// <summary>The files that it made, where nobody changed them since, in no order.</summary>
    public IEnumerable<OwnFile> Files => _list.Files.Keys.Select(Find).OfType<OwnFile>();

    /// <summary>The path of a file.</summary>
    public string this[string name] => Path.Combine(FullName, name);

    /// <summary>Creates the folder if need be and takes hold of it; what a killed process left half written is removed.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="warn">Is told of a damaged list, which is kept as <c>.damaged</c>; its files are nobody's then.</param>
    /// <exception cref="IOException">Another process writes to it, or it cannot be written to.</exception>
    public static OwnFolder Open(string path, Action<string> warn)
    {
        string hidden = Path.Combine(path, Hidden);
        string list = Path.Combine(hidden, ListName);
        Directory.CreateDirectory(hidden);
        var taken = Lock(Path.Combine(hidden, LockName));
        try
        {
            // The helper of a process that was killed may go on for a moment.
            Lock(Path.Combine(hidden, HelperLockName)).Dispose();
            var folder = new OwnFolder(path) { _lock = taken };
            if (!folder._list.Read())
            {
                string aside = DamagedFile.SetAside(list);
                warn(
                    $"The list of own files in '{path}' is damaged, and kept as '{aside}': files that are there count as another's."
                );
                folder._list.Read();
            }

            folder.ClearAway();
            folder._list.Compact(name => folder[name]);
            folder.IsNew = folder._list.Files.Count == 0;
            return folder;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>For a process that works for the one that holds the folder, and that waits for it.</summary>
    /// <exception cref="IOException">Another one works for it.</exception>
    public static OwnFolder Help(string path)
    {
        var folder = Join(path);
        folder._lock = Lock(Path.Combine(folder._hidden, HelperLockName));
        return folder;
    }

    /// <summary>Without a hold: for readers, and who adds a file beside a running work.</summary>
    public static OwnFolder Join(string path)
    {
        var folder = new OwnFolder(path);
        folder._list.Read();
        return folder;
    }

    /// <summary>Looks again what is there, after another process that works for this one.</summary>
    public void Refresh() => _list.Read();

    /// <summary>The file as it was written; null: there is none, or it is not ours, or somebody changed it.</summary>
    public OwnFile? Find(string name) =>
        Path.Exists(this[name]) && _list.Files.TryGetValue(name, out var known)
            ? known.FindLast(file => file.Is(this[name]))
            : null;

    /// <summary>Whether a file can be written: it is not there, or it is ours.</summary>
    public bool IsFree(string name) => !Path.Exists(this[name]) || Find(name) is not null;

    /// <summary>Says that a file is ours by its name, whatever is or will be in it.</summary>
    public void Claim(string name)
    {
        RequireHold();
        if (Find(name) is not { Sha256: null })
        {
            _list.Append(new OwnFile(name));
        }
    }

    /// <summary>Writes a file, whole or not at all; replaces an own one.</summary>
    /// <param name="name">Relative to the folder, with slashes.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="model">SHA-256 of the model that it is a result of; null: of none.</param>
    /// <param name="byName">It is ours by its name, and not read again to know its content.</param>
    /// <param name="placing">Is told of the whole file, just before it gets its name.</param>
    /// <exception cref="IOException">It cannot be written, or is there and not ours. What was there before is untouched.</exception>
    public void Write(
        string name,
        Action<Stream> write,
        string? model = null,
        bool byName = false,
        Action<OwnFile>? placing = null
    )
    {
        RequireHold();
        string temporary = Beside("");
        try
        {
            AtomicFile.WriteNew(temporary, write);
            var file = byName ? new OwnFile(name) { Model = model } : OwnFile.Of(temporary, name, model);
            Place(temporary, file, placing);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>A path for what a foreign library writes, to be taken when it is whole, or discarded.</summary>
    /// <param name="ending">By which the library knows the format, with its dot.</param>
    public string Beside(string ending) =>
        Path.Combine(_hidden, $"{Guid.NewGuid():N}{AtomicFile.TemporaryExtension}{ending}");

    /// <summary>Gives what was written <see cref="Beside"/> its name; replaces an own file.</summary>
    /// <inheritdoc cref="Write"/>
    public void Take(string temporary, string name, string? model = null)
    {
        RequireHold();
        AtomicFile.Flush(temporary);
        Place(temporary, OwnFile.Of(temporary, name, model));
    }

    /// <summary>Removes a file that is ours, and leaves any other.</summary>
    /// <returns>Whether it did.</returns>
    public bool Remove(string name)
    {
        if (Find(name) is null)
        {
            return false;
        }

        File.Delete(this[name]);
        _list.Append(new OwnFile(name) { Removed = true });
        return true;
    }

    public void Dispose() => _lock?.Dispose();

    private void Place(string temporary, OwnFile file, Action<OwnFile>? placing = null)
    {
        string name = file.Name;
        if (!IsFree(name))
        {
            throw new IOException($"'{this[name]}' is there, and was not written here or was changed since. Move it.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        _list.Append(file);
        placing?.Invoke(file);
        AtomicFile.Place(temporary, this[name]);
        _list.Settle(file);
    }

    /// <summary>A folder that is made anew would hold a part of what was written, and no lock.</summary>
    /// <exception cref="IOException">The folder has vanished.</exception>
    public void RequireHold()
    {
        if (_lock is null)
        {
            Directory.CreateDirectory(_hidden);
        }
        else if (!Directory.Exists(_hidden))
        {
            throw new IOException($"The folder '{FullName}' was removed or renamed while it was written to.");
        }
    }

    /// <summary>Everything in the hidden folder is ours; what a living process writes there is locked by it.</summary>
    private void ClearAway()
    {
        foreach (string left in Directory.EnumerateFiles(_hidden, $"*{AtomicFile.TemporaryExtension}*"))
        {
            Discard(left);
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            if (File.Exists(temporary))
            {
                new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
                File.Delete(temporary);
            }
        }
        catch (IOException)
        {
            // Somebody writes it now, or the folder has vanished meanwhile.
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path) && exception is not PathTooLongException)
        {
            throw new FolderInUseException(
                $"another process writes to it now, or '{path}' cannot be opened ({exception.Message})."
            );
        }
    }
}
