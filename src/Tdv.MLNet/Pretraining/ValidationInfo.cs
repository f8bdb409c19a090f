using System.Text.Json.Serialization;

namespace Tdv.MLNet.Pretraining;

/// <summary>Where a validation stands, for checkpoints.</summary>
/// <param name="Best">The step of the best measurement; 0 before the first.</param>
/// <param name="Information">Bits that were predicted then.</param>
/// <param name="Since">Measurements since, none of them better.</param>
/// <param name="Measured">The step that was measured last; 0: none.</param>
/// <param name="Data">Tells the frames that were looked at from others.</param>
internal sealed record ValidationInfo(long Best, double Information, int Since, long Measured, string Data)
{
    /// <summary>What was deserialized may be anything.</summary>
    [JsonIgnore]
    public bool IsPossible =>
        Best >= 0 && Since >= 0 && Measured >= 0 && double.IsFinite(Information) && Data is not null;
}
