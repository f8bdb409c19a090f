using Tdv.MLNet;

namespace Tdv.Tool.Pipeline;

/// <summary>How to pretrain.</summary>
/// <param name="Videos">A folder of videos, a video, or a pattern.</param>
/// <param name="Preset">The size of the network.</param>
/// <param name="Steps">Training steps; null is the default of the preset.</param>
/// <param name="Seed">Seed of weights and order.</param>
/// <param name="Folder">Keeps the training, to go on after a stop.</param>
/// <param name="CheckpointEvery">Steps from one checkpoint to the next; null: minutes decide.</param>
/// <param name="Precision">Of matrix products.</param>
/// <param name="Size">Edge of the frames; null is the default of the preset.</param>
/// <param name="Epochs">Passes over the data instead of <paramref name="Steps"/>; null: none.</param>
/// <param name="Regularization">Weight of both terms; null is the default of the preset.</param>
/// <param name="Unseen">
/// Videos to measure on: <see cref="HeldOutVideos.None"/>, what the user named, or null for a few of <paramref name="Videos"/>.
/// </param>
/// <param name="Patience">Measurements without a better one that end the training; null: none do.</param>
internal sealed record PretrainSettings(
    string Videos,
    TdvPreset Preset,
    int? Steps,
    int Seed,
    OutputFolder Folder,
    int? CheckpointEvery = null,
    TdvPrecision Precision = TdvPrecision.Automatic,
    int? Size = null,
    double? Epochs = null,
    double? Regularization = null,
    string? Unseen = HeldOutVideos.None,
    int? Patience = null
)
{
    /// <summary>What lies in the folder.</summary>
    public RunFolder Run { get; } = new(Folder.Path);
}
