using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.Model;
using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Torture;

/// <summary>A small training, and a folder in which it finds mutated checkpoints.</summary>
internal static class CheckpointSamples
{
    private const string InfoKey = "tdv.checkpoint";
    private const byte HeaderMutated = 0;
    private const byte InfoMutated = 1;

    /// <summary>As small as it gets: the header is what is read, and it should not take long to hash the rest.</summary>
    private static readonly NetworkOptions Network = new()
    {
        ImageSize = 8,
        PatchSize = 4,
        Dimension = 8,
        Heads = 2,
        Depth = 1,
        MotionDepth = 1,
        Prototypes = 4,
        HeadHidden = 8,
        HeadBottleneck = 4,
    };

    private static readonly TrainingOptions Options = new()
    {
        Steps = 60,
        BatchSize = 8,
        Schedule = new Schedule(Peak: 1e-3, WarmUpSteps: 10, TotalSteps: 60, Floor: 1e-5),
    };

    private static readonly RunDescription Run = new()
    {
        Options = new Dictionary<string, string> { ["Steps"] = "60", ["Seed"] = "3" },
        Recipe = new Dictionary<string, string> { ["Training.Schedule.Floor"] = "1E-05" },
        Machine = new Dictionary<string, string> { ["Threads"] = "2" },
    };

    private static readonly string Folder = Directory.CreateTempSubdirectory("tdv-checkpoints-").FullName;
    private static readonly TrainingState State = new(Network, 1);
    private static readonly TdvTrainer Trainer = new(State, Options);
    private static readonly byte[] Good = Write(step: 2);
    private static readonly int HeaderLength = (int)BinaryPrimitives.ReadInt64LittleEndian(Good);
    private static readonly string Header = Encoding.UTF8.GetString(Good, SafetensorsHeader.PrefixLength, HeaderLength);
    private static readonly string Info = ReadInfo();

    /// <summary>A whole checkpoint, beside which an earlier one lies.</summary>
    public static byte[][] Whole()
    {
        Write(step: 1);
        return [Good];
    }

    /// <summary>
    /// The newest checkpoint as <paramref name="bytes"/>: the one before it is to be used, unless nothing was changed.
    /// </summary>
    public static void RestoreDamaged(byte[] bytes)
    {
        bool whole = bytes.AsSpan().SequenceEqual(Good);
        long? step = Restore(bytes)?.Step;
        if (step != (whole ? 2 : 1))
        {
            throw new InvalidOperationException($"went on from step {step}");
        }
    }

    /// <summary>What is read once the checksum is right: the header, and the description of the training in it.</summary>
    public static byte[][] Inner()
    {
        File.Delete(PathOf(1));
        return
        [
            [HeaderMutated, .. Good.AsSpan(0, SafetensorsHeader.PrefixLength + HeaderLength)],
            [InfoMutated, .. Encoding.UTF8.GetBytes(Info)],
        ];
    }

    /// <summary>Puts a mutated part back, seals the file as its writer would, and goes on from it.</summary>
    public static void RestoreSealed(byte[] part)
    {
        var content = part.AsSpan(Math.Min(1, part.Length));
        byte[] header =
            part.Length > 0 && part[0] % 2 == InfoMutated
                ? WithInfo(Encoding.UTF8.GetString(content))
                : Fitted(content);
        var data = Good.AsSpan(SafetensorsHeader.PrefixLength + HeaderLength);
        byte[] file = [.. header, .. data];
        var end = file.AsSpan(^SHA256.HashSizeInBytes..);
        SHA256.HashData(file.AsSpan(0, file.Length - end.Length), end);
        if (Restore(file) is null)
        {
            throw new InvalidOperationException("The checkpoint was overlooked.");
        }
    }

    /// <summary>Whether it is what <see cref="CheckpointFolder.Restore"/> documents.</summary>
    public static bool IsDocumented(Exception exception) =>
        exception is InvalidDataException
        || (
            exception is ArgumentException
            && exception.Message.Contains("was begun with other options", StringComparison.Ordinal)
        );

    private static CheckpointInfo? Restore(byte[] newest)
    {
        File.WriteAllBytes(PathOf(2), newest);
        using var folder = new CheckpointFolder(Folder, _ => { });
        try
        {
            return folder.Restore(State, Trainer, Run, validation: null);
        }
        finally
        {
            // Each damaged one is kept aside, and nobody looks at it here.
            File.Delete($"{PathOf(2)}.damaged");
        }
    }

    private static byte[] WithInfo(string info)
    {
        byte[] json = Encoding.UTF8.GetBytes(
            Header.Replace(
                JsonEncodedText.Encode(Info).ToString(),
                JsonEncodedText.Encode(info).ToString(),
                StringComparison.Ordinal
            )
        );
        return [.. BitConverter.GetBytes((long)json.Length), .. json];
    }

    /// <summary>A length that was not mutated itself follows what was, or nothing behind it would ever be read.</summary>
    private static byte[] Fitted(ReadOnlySpan<byte> header)
    {
        byte[] result = header.ToArray();
        const int Prefix = SafetensorsHeader.PrefixLength;
        if (result.Length > Prefix && BinaryPrimitives.ReadInt64LittleEndian(result) == HeaderLength)
        {
            BinaryPrimitives.WriteInt64LittleEndian(result, result.Length - Prefix);
        }

        return result;
    }

    private static string ReadInfo()
    {
        using var file = SafetensorsFile.Open(new MappedBytes(Good, "sample"));
        string info = file.Metadata[InfoKey];
        return Header.Contains(JsonEncodedText.Encode(info).ToString(), StringComparison.Ordinal)
            ? info
            : throw new InvalidOperationException("The header spells the description in another way.");
    }

    private static byte[] Write(long step)
    {
        using var folder = new CheckpointFolder(Folder, _ => { });
        var info = new CheckpointInfo
        {
            Step = step,
            Elapsed = TimeSpan.FromSeconds(7),
            Data = new DataPosition(1, 16, Cached: true, 40, Convert.ToHexString(SHA256.HashData("pairs"u8))),
            Run = Run,
        };
        folder.Write(State, Trainer, info, validation: null);
        return File.ReadAllBytes(PathOf(step));
    }

    private static string PathOf(long step) => Path.Combine(Folder, $"checkpoint-{step:D9}.safetensors");
}
