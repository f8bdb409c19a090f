using System.Diagnostics;
using OpenCvSharp;
using Tdv.MLNet.Foundation;
using Tdv.Tool.Output;

namespace Tdv.Tool.Pipeline;

/// <summary>
/// The folder that a command writes to, tried before any work and held by one command at a time. It replaces and removes
/// only what commands wrote there and nobody changed since.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private const int FaultsShown = 10;

    /// <summary>The folder that the process which started this one holds for both.</summary>
    private const string HeldByParent = "TDV_OUT_OF_PARENT";
    private readonly OwnFolder _own;

    private OutputFolder(string path, OwnFolder own) => (Path, _own) = (path, own);

    /// <summary>As the user gave it.</summary>
    public string Path { get; }

    /// <summary>Whether no command wrote to it before, or an earlier version that kept no list of its files.</summary>
    public bool IsNew => _own.IsNew;

    /// <summary>The path of a file.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Creates the folder and takes hold of it.</summary>
    /// <exception cref="UserException">Another command writes to it, or it cannot be written to.</exception>
    public static OutputFolder Open(string path)
    {
        try
        {
            if (Environment.GetEnvironmentVariable(HeldByParent) != System.IO.Path.GetFullPath(path))
            {
                return new(path, OwnFolder.Open(path, Terminal.Warning));
            }

            EndWithParent();
            return new(path, OwnFolder.Help(path));
        }
        catch (FolderInUseException exception)
        {
            throw new UserException(
                $"Another command writes to '{path}' now. Wait for its end, or choose another folder with --out.",
                exception
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"The output folder '{path}' cannot be written to: {exception.Message} Choose another with --out.",
                exception
            );
        }
    }

    /// <summary>Lets a process that this one starts, and waits for, write to the folder for as long as this one lives.</summary>
    public void Lend(ProcessStartInfo helper)
    {
        helper.Environment[HeldByParent] = _own.FullName;
        helper.RedirectStandardInput = true;
    }

    /// <summary>Looks again what is there, after such a process.</summary>
    public void Refresh() => _own.Refresh();

    /// <summary>Looks whether files can be written, before the work that they are of.</summary>
    /// <exception cref="UserException">Some are there, and are not ours: all of them are told.</exception>
    public void Require(IEnumerable<string> names)
    {
        string[] strange = [.. names.Where(name => !_own.IsFree(name))];
        if (strange.Length > 0)
        {
            throw new UserException(
                $"'{Path}' holds files that would be written over, but that no command wrote there, or that were changed since. "
                    + "Move them, or choose another folder with --out:\n- "
                    + string.Join("\n- ", strange.Take(FaultsShown))
                    + (strange.Length > FaultsShown ? $"\n- … and {strange.Length - FaultsShown} more." : "")
            );
        }
    }

    /// <summary>Whether a file is there as a command wrote it.</summary>
    public bool Owns(string name) => _own.Find(name) is not null;

    /// <summary>Says that a file, or all of a folder, is a command's whatever is in it.</summary>
    public void Claim(string name) => Guarded(name, () => _own.Claim(name));

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <param name="name">Relative to the folder, with slashes.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="model">SHA-256 of the model that it is a result of; null: of none, or it does not matter.</param>
    /// <exception cref="UserException">It cannot be written; what was there is as it was.</exception>
    public void Write(string name, Action<Stream> write, string? model = null) =>
        Guarded(name, () => _own.Write(name, write, model));

    /// <summary>Writes a picture, in the format that its name ends in.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, string?)"/>
    public void Write(string name, Mat picture, string? model = null)
    {
        if (!Cv2.ImEncode(System.IO.Path.GetExtension(name), picture, out byte[] bytes))
        {
            throw new UserException(
                $"The picture '{this[name]}' of {picture.Width} × {picture.Height} pixels cannot be written."
            );
        }

        Write(name, stream => stream.Write(bytes), model);
    }

    /// <summary>Writes a model, and removes the results of the one that it takes the place of, just before it does.</summary>
    /// <param name="name">Relative to the folder.</param>
    /// <param name="write">Writes the model.</param>
    /// <param name="isResult">What else is to make way, by name; null: nothing.</param>
    /// <returns>Its SHA-256.</returns>
    /// <exception cref="UserException">It cannot be written; what was there is as it was.</exception>
    public string WriteModel(string name, Action<Stream> write, Func<string, bool>? isResult = null)
    {
        string? before = _own.Find(name)?.Sha256;
        string hash = "";
        Guarded(
            name,
            () =>
                _own.Write(
                    name,
                    write,
                    placing: file =>
                    {
                        hash = file.Sha256!;
                        if (hash != before)
                        {
                            // A report may have been written meanwhile, which needs no hold.
                            _own.Refresh();
                            Remove(file =>
                                (before is not null && file.Model == before) || isResult?.Invoke(file.Name) == true
                            );
                        }
                    }
                )
        );
        return hash;
    }

    /// <summary>Writes a file whose content is looked at when it is read, and that is ours whatever became of it.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, string?)"/>
    public void WriteHistory(string name, Action<Stream> write) =>
        Guarded(name, () => _own.Write(name, write, byName: true));

    /// <summary>A path for what a foreign library writes.</summary>
    public string Beside(string ending) => _own.Beside(ending);

    /// <summary>Looks whether the folder is still there; a foreign library tells no causes.</summary>
    /// <param name="name">What is written.</param>
    /// <exception cref="UserException">It has vanished.</exception>
    public void RequireHold(string name) => Guarded(name, _own.RequireHold);

    /// <summary>Gives what was written <see cref="Beside"/> its name.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream}, string?)"/>
    public void Take(string temporary, string name, string? model = null) =>
        Guarded(name, () => _own.Take(temporary, name, model));

    /// <summary>Removes files that are a command's and that nobody changed since.</summary>
    /// <returns>How many.</returns>
    public int Remove(Func<OwnFile, bool> which) =>
        _own.Files.Where(which).ToArray().Count(file => _own.Remove(file.Name));

    public void Dispose() => _own.Dispose();

    /// <summary>Its end of the pipe closes when it dies, however: nobody holds the folder then, and nobody waits for results.</summary>
    private static void EndWithParent()
    {
        var watch = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0) { }

            Process.GetCurrentProcess().Kill();
        })
        {
            IsBackground = true,
        };
        watch.Start();
    }

    private void Guarded(string name, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"'{this[name]}' cannot be written: {exception.Message}", exception);
        }
    }
}
