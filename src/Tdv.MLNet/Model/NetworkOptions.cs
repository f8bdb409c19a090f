using System.Text.Json.Serialization;

namespace Tdv.MLNet.Model;

/// <summary>The dimensions of a TDV network. Everything that a saved model must know to be built again.</summary>
internal sealed record NetworkOptions
{
    /// <summary>Height and width in pixels that the frame encoder's position embedding is stored for.</summary>
    public required int ImageSize { get; init; }

    /// <summary>
    /// The same of the motion encoder where it differs, as over DINOv2's frame encoder, which was trained at 518 pixels;
    /// null: <see cref="ImageSize"/>.
    /// </summary>
    public int? MotionImageSize { get; init; }

    /// <summary>Edge of a patch in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Width D of every token.</summary>
    public required int Dimension { get; init; }

    public required int Heads { get; init; }

    /// <summary>Blocks of the frame encoder.</summary>
    public required int Depth { get; init; }

    /// <summary>Blocks of the motion encoder; 0 for a frame encoder alone.</summary>
    public required int MotionDepth { get; init; }

    /// <summary>Prototypes K of the projection head.</summary>
    public int Prototypes { get; init; } = 32768;

    public int HeadHidden { get; init; } = 2048;

    public int HeadBottleneck { get; init; } = 256;

    /// <summary>
    /// Whether the motion encoder sees the CLS token of the frame. The paper's best recipe does (Table 4: 17.05
    /// against 10.78); the official launch script does not.
    /// </summary>
    public bool AttendCls { get; init; } = true;

    /// <summary>A learned factor behind each branch of the frame encoder's blocks, as DINOv2 has.</summary>
    public bool LayerScale { get; init; }

    /// <summary>Register tokens between CLS and patches of the frame encoder, as some DINOv2 weights have.</summary>
    public int Registers { get; init; }

    /// <summary>Patches along an edge of the image at <see cref="ImageSize"/>.</summary>
    [JsonIgnore]
    public int Grid => ImageSize / PatchSize;

    /// <summary>Height and width in pixels of the frames that the network is trained on.</summary>
    [JsonIgnore]
    public int TrainingSize => MotionImageSize ?? ImageSize;
}
