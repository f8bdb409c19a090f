using System.Globalization;
using System.Text.Json;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Pretraining;

/// <summary>The checkpoints of one training, and what else it keeps between two starts. One process at a time.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    /// <summary>Checkpoints that are kept: the newest, and earlier ones in case it is damaged.</summary>
    private const int Kept = 3;
    private const string Prefix = "checkpoint-";
    private const string Extension = ".safetensors";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };
    private const string OptionsName = "options.json";
    private const string CacheName = "pairs.cache";
    private readonly string _path;
    private readonly Action<string> _warn;
    private readonly OwnFolder _own;

    /// <summary>Creates the folder if need be and takes hold of it.</summary>
    /// <exception cref="IOException">
    /// It cannot be written to, another training uses it, or it holds files of a checkpoint's names that no training made.
    /// </exception>
    public CheckpointFolder(string path, Action<string> warn)
    {
        _path = path;
        _warn = warn;
        try
        {
            _own = OwnFolder.Open(path, warn);
            Adopt();
        }
        catch (FolderInUseException exception)
        {
            throw new IOException(
                $"Checkpoints cannot be written to '{path}': another training uses it ({exception.Message}) "
                    + "Wait for its end or choose another folder.",
                exception
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _own?.Dispose();
            throw new IOException(
                $"Checkpoints cannot be written to '{path}': {exception.Message} Make the folder writable or choose another.",
                exception
            );
        }

        try
        {
            RequireOwn();
        }
        catch
        {
            _own.Dispose();
            throw;
        }
    }

    /// <summary>Where decoded frame pairs outlive the process.</summary>
    public string CachePath
    {
        get
        {
            _own.Claim(CacheName);
            return _own[CacheName];
        }
    }

    /// <summary>Writes what the training is made of, for people to read.</summary>
    public void Describe(RunDescription run) =>
        Guarded(
            "The options",
            () => _own.Write(OptionsName, stream => JsonSerializer.Serialize(stream, run, Readable))
        );

    /// <summary>Goes back to the newest checkpoint that is whole.</summary>
    /// <returns>What it tells; null if there is none, and nothing was changed.</returns>
    /// <exception cref="ArgumentException">It is of a training with other options, each of which is named.</exception>
    /// <exception cref="InvalidDataException">There are checkpoints, but not one is whole.</exception>
    public CheckpointInfo? Restore(TrainingState state, TdvTrainer trainer, RunDescription run, Validation? validation)
    {
        var (file, damaged) = OpenNewest();
        using (file)
        {
            if (file is null)
            {
                return null;
            }

            var info = Checkpoint.Describe(file);
            var faults = new Faults();
            foreach (string difference in run.Differences(info.Run))
            {
                faults.Add(difference);
            }

            faults.ThrowIfAny(
                $"The training in '{_path}' was begun with other options. Give those again, or another folder:"
            );
            string machine = string.Join(" ", run.MachineDifferences(info.Run));
            if (machine.Length > 0)
            {
                _warn($"The training goes on elsewhere, so that its last bits may differ: {machine}");
            }

            foreach (string fault in damaged)
            {
                _warn($"{fault} The one of step {info.Step} before it is used.");
            }

            Checkpoint.Restore(file, state, trainer, validation);
            return info;
        }
    }

    /// <summary>Writes a checkpoint and deletes those that are too old.</summary>
    /// <exception cref="IOException">It cannot be written; the message says from where the training can go on.</exception>
    public void Write(TrainingState state, TdvTrainer trainer, CheckpointInfo info, Validation? validation) =>
        Guarded(
            $"The checkpoint of step {info.Step}",
            () =>
            {
                _own.Write(
                    NameOf(info.Step),
                    stream => Checkpoint.Write(stream, state, trainer, info, validation),
                    byName: true
                );
                foreach (string old in NewestFirst().Skip(Kept))
                {
                    _own.Remove(Path.GetFileName(old));
                }
            }
        );

    /// <summary>Deletes what only a training that is not over needs.</summary>
    public void Finish() => _own.Remove(CacheName);

    public void Dispose() => _own.Dispose();

    /// <summary>
    /// What bears the seal of a checkpoint is one, whoever brought it here. A folder with such, but without a list of its
    /// own files, is of an earlier version, or a copy: the other names in it are its training's, too.
    /// </summary>
    private void Adopt()
    {
        string[] strange = [.. Strange()];
        string[] whole =
        [
            .. strange.Where(name => name.EndsWith(Extension, StringComparison.Ordinal) && IsCheckpoint(name)),
        ];
        Array.ForEach(_own.IsNew && whole.Length > 0 ? strange : whole, _own.Claim);
    }

    /// <exception cref="IOException">There are files of a checkpoint's names that no training made.</exception>
    private void RequireOwn()
    {
        string[] strange = [.. Strange()];
        if (strange.Length > 0)
        {
            throw new IOException(
                $"The folder '{_path}' holds files that a training would write over, but that no training wrote there, or that "
                    + "were changed since. Move them, or choose another folder:\n- "
                    + string.Join("\n- ", strange)
            );
        }
    }

    /// <summary>Files with names of ours that are not ours.</summary>
    private IEnumerable<string> Strange() =>
        NewestFirst()
            .Select(path => Path.GetFileName(path))
            .Prepend(CacheName)
            .Prepend(OptionsName)
            .Where(name => !_own.IsFree(name));

    private bool IsCheckpoint(string name)
    {
        try
        {
            using var file = SealedSafetensors.Open(_own[name]);
            _ = Checkpoint.Describe(file);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private (SafetensorsFile? File, IEnumerable<string> Damaged) OpenNewest()
    {
        var damaged = new List<(string Path, string Fault)>();
        foreach (string path in NewestFirst())
        {
            try
            {
                var file = SealedSafetensors.Open(path);
                // Out of the way of those to come, but not lost.
                damaged.ForEach(entry => DamagedFile.SetAside(entry.Path));
                return (file, damaged.Select(entry => entry.Fault));
            }
            catch (InvalidDataException exception)
            {
                damaged.Add((path, exception.Message));
            }
        }

        return damaged.Count == 0
            ? (null, [])
            : throw new InvalidDataException(
                $"Not one checkpoint in '{_path}' is whole. Choose another folder to begin anew:\n- "
                    + string.Join("\n- ", damaged.Select(entry => entry.Fault))
            );
    }

    private void Guarded(string what, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string rest = NewestFirst().FirstOrDefault() is { } last
                ? $"That of step {StepOf(last)} is there: started again, the training goes on from it."
                : "There is none yet to go on from.";
            throw new IOException($"{what} cannot be written: {exception.Message} {rest}", exception);
        }
    }

    private static string NameOf(long step) =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Extension}");

    private IEnumerable<string> NewestFirst() =>
        // After an error it may have vanished.
        Directory.Exists(_path)
            ? Directory
                .EnumerateFiles(_path, $"{Prefix}*{Extension}")
                .Where(path => StepOf(path) >= 0)
                .OrderDescending(StringComparer.Ordinal)
            : [];

    private static long StepOf(string path) =>
        long.TryParse(
            Path.GetFileNameWithoutExtension(path).AsSpan(Prefix.Length),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long step
        )
            ? step
            : -1;
}
