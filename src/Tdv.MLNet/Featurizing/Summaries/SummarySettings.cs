using System.Text.Json;
using Tdv.MLNet.Foundation;

namespace Tdv.MLNet.Featurizing;

/// <summary>What a saved model keeps of a summarizing step beside the features' own.</summary>
internal sealed record SummarySettings(string OutputColumn, string InputColumn, TdvSummaryOptions Options)
{
    public const string Cls = "Cls";
    public const string Motion = "Motion";
    public const string Frame = "Frame";

    /// <summary>What the network is asked for.</summary>
    public TdvFeatureOptions Features =>
        new()
        {
            ImageHeight = Options.ImageHeight,
            ImageWidth = Options.ImageWidth,
            ClsColumnName = (Options.Parts & TdvSummaryParts.Cls) != 0 ? Cls : null,
            MotionColumnName = (Options.Parts & TdvSummaryParts.Motion) != 0 ? Motion : null,
            BatchSize = Options.BatchSize,
        };

    public void Check(bool hasMotion, Faults faults)
    {
        faults.Check(!string.IsNullOrWhiteSpace(OutputColumn), "outputColumnName is empty.");
        faults.Check(!string.IsNullOrWhiteSpace(InputColumn), "inputColumnName is empty.");
        Options.Check(hasMotion, faults);
    }

    /// <summary>Reads what a saved model says, which may be from anybody.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static SummarySettings Parse(string json, bool hasMotion)
    {
        try
        {
            var settings = JsonSerializer.Deserialize<SummarySettings>(json) ?? throw new JsonException("It is null.");
            var faults = new Faults();
            faults.Check(settings.Options is not null, "Options are missing.");
            faults.ThrowIfAny("The settings are out of range:");
            settings.Check(hasMotion, faults);
            faults.ThrowIfAny("The settings are out of range:");
            return settings;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"The saved model's TdvSummarize step is damaged. {exception.Message} Save the model again.",
                exception
            );
        }
    }
}
