using System.Text.Json.Serialization;

namespace Tdv.MLNet.Pretraining;

/// <summary>How far a training has read its data, and what it found there.</summary>
/// <param name="Pass">The pass over the data, from 0.</param>
/// <param name="Taken">Pairs taken of this pass.</param>
/// <param name="Cached">Whether passes after the first one shuffle pairs kept from it, instead of decoding anew.</param>
/// <param name="Known">
/// The pairs that <paramref name="Fingerprint"/> is of: all of the first pass if they are kept, else those taken of this
/// pass.
/// </param>
/// <param name="Fingerprint">SHA-256 of these pairs' pixels, in hexadecimal digits.</param>
internal sealed record DataPosition(int Pass, long Taken, bool Cached, long Known, string Fingerprint)
{
    /// <summary>
    /// SHA-256 of the first pairs of the first pass: even a training that is over can tell whether data are its own. Null
    /// in the checkpoints of earlier versions.
    /// </summary>
    public string? Sample { get; init; }

    /// <summary>Whether it can be of a training; what was deserialized may be anything.</summary>
    [JsonIgnore]
    public bool IsPossible => Pass >= 0 && Taken >= 0 && Known >= 0 && Fingerprint is not null;
}
