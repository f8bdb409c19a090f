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
    private readonly string _path;
    private readonly Action<string> _warn;
    private readonly FileStream _lock;

    /// <summary>Creates the folder if need be and takes hold of it.</summary>
    /// <exception cref="IOException">It cannot be written to, or another training uses it.</exception>
    public CheckpointFolder(string path, Action<string> warn)
    {
        _path = path;
        _warn = warn;
        try
        {
            Directory.CreateDirectory(path);
            _lock = Lock(Path.Combine(path, "lock"));
            foreach (string left in Directory.EnumerateFiles(path, $"*{AtomicFile.TemporaryExtension}"))
            {
                File.Delete(left);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _lock?.Dispose();
            throw new IOException(
                $"Checkpoints cannot be written to '{path}': {exception.Message} Make the folder writable or choose another.",
                exception
            );
        }
    }

    /// <summary>Where decoded frame pairs outlive the process.</summary>
    public string CachePath => Path.Combine(_path, "pairs.cache");

    /// <summary>Writes what the training is made of, for people to read.</summary>
    public void Describe(RunDescription run) =>
        Guarded(
            "The options",
            () =>
                AtomicFile.Write(
                    Path.Combine(_path, "options.json"),
                    stream => JsonSerializer.Serialize(stream, run, Readable)
                )
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
                Checkpoint.Write(PathOf(info.Step), state, trainer, info, validation);
                foreach (string old in NewestFirst().Skip(Kept))
                {
                    File.Delete(old);
                }
            }
        );

    /// <summary>Deletes what only a training that is not over needs.</summary>
    public void Finish() => File.Delete(CachePath);

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (File.Exists(path) && exception is not PathTooLongException)
        {
            throw new IOException(
                $"another training uses it, or its file 'lock' cannot be opened ({exception.Message})."
            );
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
                damaged.ForEach(entry => File.Move(entry.Path, $"{entry.Path}.damaged", overwrite: true));
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

    private string PathOf(long step) =>
        Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{step:D9}{Extension}"));

    private IEnumerable<string> NewestFirst() =>
        Directory
            .EnumerateFiles(_path, $"{Prefix}*{Extension}")
            .Where(path => StepOf(path) >= 0)
            .OrderDescending(StringComparer.Ordinal);

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
