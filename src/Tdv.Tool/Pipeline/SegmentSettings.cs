using Tdv.MLNet;
using Tdv.MLNet.Pretraining;

namespace Tdv.Tool.Pipeline;

/// <summary>From videos and labeled images to a model, masks and figures.</summary>
internal sealed record SegmentSettings
{
    /// <summary>Videos to pretrain on; null where <see cref="Weights"/> are given.</summary>
    public string? Videos { get; init; }

    /// <summary>Weights to use instead of pretraining.</summary>
    public string? Weights { get; init; }

    /// <summary>List of the images to train on.</summary>
    public required string Train { get; init; }

    /// <summary>List of the images to evaluate on.</summary>
    public required string Test { get; init; }

    /// <summary>File of the classes.</summary>
    public required string Classes { get; init; }

    /// <summary>Folder for the results.</summary>
    public required string Out { get; init; }

    public TdvPreset Preset { get; init; } = TdvPreset.Tiny;

    /// <summary>Pretraining steps; null is the default of the preset.</summary>
    public int? Steps { get; init; }

    /// <summary>Edge of the frames that are pretrained on; null is the default of the preset.</summary>
    public int? Size { get; init; }

    /// <summary>Weight of both terms of <see cref="TdvRegularization"/>; null is the default of the preset.</summary>
    public double? Regularization { get; init; }

    /// <summary>One of <see cref="Trainers.Names"/>.</summary>
    public string Trainer { get; init; } = Trainers.Lbfgs;

    public int Seed { get; init; }

    /// <summary>As <see cref="PixelWiseOptions.Stride"/>.</summary>
    public int? Stride { get; init; }

    /// <summary>As <see cref="PixelWiseOptions.FollowEdges"/>.</summary>
    public bool FollowEdges { get; init; }

    /// <summary>
    /// The longer sides in pixels that images are resized to; features of several sizes lie beside one another. Null: one, by
    /// the network's training size.
    /// </summary>
    public IReadOnlyList<int>? LongerSides { get; init; }

    /// <summary>Whether colors are features beside the network's.</summary>
    public bool Color { get; init; }
}
