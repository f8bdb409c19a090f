namespace Tdv.MLNet;

/// <summary>The sizes of network that TDV is offered in.</summary>
public enum TdvPreset
{
    /// <summary>
    /// Width 192, 6 + 4 blocks, patches of 8 pixels, trained at 64×64: learns something useful on a laptop's CPU in
    /// minutes, and its masks have detail.
    /// </summary>
    Tiny,

    /// <summary>ViT-S/14 as published: width 384, 12 + 12 blocks, trained at 224×224. Wants a GPU.</summary>
    Small,

    /// <summary>ViT-B/14 as published: width 768, 12 + 12 blocks, trained at 224×224. Wants a GPU.</summary>
    Base,
}
