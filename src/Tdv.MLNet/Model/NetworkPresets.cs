namespace Tdv.MLNet.Model;

/// <summary>The dimensions of the networks that TDV is offered in.</summary>
internal static class NetworkPresets
{
    public static NetworkOptions Of(TdvPreset preset) =>
        preset switch
        {
            TdvPreset.Tiny => new NetworkOptions
            {
                ImageSize = 64,
                PatchSize = 8,
                Dimension = 192,
                Heads = 3,
                Depth = 6,
                MotionDepth = 4,
                Prototypes = 1024,
                HeadHidden = 512,
                HeadBottleneck = 128,
            },
            TdvPreset.Small => Published(dimension: 384, heads: 6),
            _ => Published(dimension: 768, heads: 12),
        };

    private static NetworkOptions Published(int dimension, int heads) =>
        new()
        {
            ImageSize = 224,
            PatchSize = 14,
            Dimension = dimension,
            Heads = heads,
            Depth = 12,
            MotionDepth = 12,
        };
}
