using Tdv.MLNet.Model;

namespace Tdv.MLNet.Benchmarks;

/// <summary>
/// The size at which the smallest network is measured, whatever its preset trains at: 12 × 12 cells, so that figures of
/// different days can be compared.
/// </summary>
internal static class TinySize
{
    public const int Pixels = 96;

    /// <summary>An untrained network, the smallest one at this size, the others at their own.</summary>
    public static TdvModel Create(TdvPreset preset)
    {
        var network = NetworkPresets.Of(preset);
        return TdvModel.Create(preset == TdvPreset.Tiny ? network with { ImageSize = Pixels } : network, 1);
    }
}
