using Tdv.Samples.Demo;

namespace Tdv.Studies;

/// <summary>How large a study that trains is, and on which data.</summary>
internal sealed record StudySettings
{
    /// <summary>Folder for the results.</summary>
    public required string Out { get; init; }

    /// <summary>Videos to train on; null: clips that the study films itself, with labeled frames.</summary>
    public string? Videos { get; init; }

    /// <summary>Videos to predict frames of; null: the study's own unseen clips, or else <see cref="Videos"/>.</summary>
    public string? TestVideos { get; init; }

    /// <summary>List of the labeled images to train a probe on; null: the study's own, or else no probe.</summary>
    public string? Train { get; init; }

    /// <summary>List of the labeled images to test it with.</summary>
    public string? Test { get; init; }

    /// <summary>File of their classes.</summary>
    public string? Classes { get; init; }

    /// <summary>Training steps of each run.</summary>
    public int Steps { get; init; } = 200;

    /// <summary>Height and width in pixels of the frames that are trained on; a multiple of the patch size, 8.</summary>
    public int Size { get; init; } = 64;

    /// <summary>The learning rate after warm-up, above 0 and below 1; null: the preset's.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Runs of each row.</summary>
    public int Seeds { get; init; } = 3;

    /// <summary>How much the study films.</summary>
    public DemoOptions Film { get; init; } = new();
}
