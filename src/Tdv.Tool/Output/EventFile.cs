using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Google.Protobuf;
using Tdv.MLNet;
using Tensorboard;

namespace Tdv.Tool.Output;

/// <summary>
/// The steps as TensorBoard reads them. TorchSharp's own writer stamps them with a time in the wrong unit and opens
/// the file anew for each number; its message types serve here.
/// </summary>
/// <param name="folder">Where it is written.</param>
/// <param name="creating">Is told the name of the file before there is one.</param>
internal sealed class EventFile(string folder, Action<string>? creating = null) : IProgress<StepReport>, IDisposable
{
    private FileStream? _file;

    public void Report(StepReport value)
    {
        if (_file is null)
        {
            Directory.CreateDirectory(folder);
            string name = string.Create(
                CultureInfo.InvariantCulture,
                $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}.{Environment.ProcessId}"
            );
            creating?.Invoke(name);
            _file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            Write(new Event { FileVersion = "brain.Event:2" });
            // TensorBoard then drops what earlier files say of this step and later ones.
            var start = new SessionLog { Status = SessionLog.Types.SessionStatus.Start };
            Write(new Event { Step = value.Step, SessionLog = start });
        }

        var summary = new Summary();
        foreach (var (tag, number) in Numbers(value))
        {
            summary.Value.Add(new Summary.Types.Value { Tag = tag, SimpleValue = (float)number });
        }

        Write(new Event { Step = value.Step, Summary = summary });
        _file.Flush();
    }

    public void Dispose() => _file?.Dispose();

    private static IEnumerable<(string Tag, double Number)> Numbers(StepReport report)
    {
        yield return ("loss/total", report.Loss);
        yield return ("loss/mse", report.MeanSquaredError);
        yield return ("loss/cls", report.ClsLoss);
        yield return ("loss/patch", report.PatchLoss);
        if (report is not { VarianceLoss: 0, CovarianceLoss: 0 })
        {
            yield return ("loss/variance", report.VarianceLoss);
            yield return ("loss/covariance", report.CovarianceLoss);
        }

        yield return ("health/prediction_gain", report.PredictionGain);
        yield return ("optimizer/learning_rate", report.LearningRate);
        yield return ("optimizer/gradient_norm", report.GradientNorm);
        yield return ("speed/pairs_per_second", report.PairsPerSecond);
        if (report.Health.Step == report.Step)
        {
            yield return ("health/deviation", report.Health.Deviation);
            yield return ("health/effective_rank", report.Health.EffectiveRank);
            yield return ("health/teacher_entropy", report.Health.TeacherEntropy);
            if (report.Health.Spread is { } spread)
            {
                yield return ("health/frame_rank", spread.FrameRank);
                yield return ("health/video_rank", spread.VideoRank);
                yield return ("health/position_share", spread.PositionShare);
                yield return ("health/video_share", spread.VideoShare);
                yield return ("health/time_share", spread.TimeShare);
                yield return ("health/content_share", spread.ContentShare);
            }
        }

        if (report.Validation is { } validation)
        {
            yield return ("validation/predicted_information", validation.PredictedInformation);
            yield return ("validation/copied_information", validation.CopiedInformation);
            yield return ("validation/prediction_gain", validation.PredictionGain);
            yield return ("validation/effective_rank", validation.EffectiveRank);
        }
    }

    /// <summary>A record: its length, the length's checksum, the bytes, their checksum.</summary>
    private void Write(Event entry)
    {
        entry.WallTime = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0;
        byte[] bytes = entry.ToByteArray();
        var record = new byte[sizeof(long) + sizeof(uint) + bytes.Length + sizeof(uint)];
        BinaryPrimitives.WriteInt64LittleEndian(record, bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), MaskedChecksum(record.AsSpan(0, 8)));
        bytes.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + bytes.Length), MaskedChecksum(bytes));
        _file!.Write(record);
    }

    /// <summary>CRC-32C, rotated and shifted: a file that holds its own checksums would otherwise look regular.</summary>
    internal static uint MaskedChecksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, value);
        }

        checksum = ~checksum;
        return BitOperations.RotateRight(checksum, 15) + 0xa282ead8;
    }
}
