namespace Tdv.MLNet;

/// <summary>How the class of a pixel is decided from what each class has carried there.</summary>
public enum MaskDecision
{
    /// <summary>
    /// Each class is stretched to 0 to 1 over the frame first, then the largest wins: the protocol of DINO's video object
    /// segmentation. Small and fading objects are kept.
    /// </summary>
    Stretched,

    /// <summary>The largest share wins; for a single object and its background that is a threshold of 0.5.</summary>
    Largest,
}
