namespace Tdv.Studies;

/// <summary>Which recipes a study compares, how large the trainings are, and on which data.</summary>
internal sealed record RecipeSettings
{
    /// <summary>Folder for weights and results.</summary>
    public required string Out { get; init; }

    /// <summary>Videos to train on: files, patterns, folders.</summary>
    public required IReadOnlyList<string> Videos { get; init; }

    /// <summary>Videos to predict frames of; what is among them is not trained on.</summary>
    public required IReadOnlyList<string> Unseen { get; init; }

    /// <summary>List of the labeled images to train a probe on; null: no probe.</summary>
    public string? Train { get; init; }

    /// <summary>List of the labeled images to test it with.</summary>
    public string? Test { get; init; }

    /// <summary>File of their classes.</summary>
    public string? Classes { get; init; }

    /// <summary>Folder of DAVIS, to carry masks through; null: none are carried.</summary>
    public string? Davis { get; init; }

    /// <summary>Sequences of DAVIS; empty: all.</summary>
    public IReadOnlyList<string> Sequences { get; init; } = [];

    /// <summary>Training steps of each run.</summary>
    public int Steps { get; init; } = 3000;

    /// <summary>Height and width in pixels of the frames that are trained on; a multiple of the patch size, 8.</summary>
    public int Size { get; init; } = 64;

    /// <summary>Runs of each recipe.</summary>
    public int Seeds { get; init; } = 3;

    public IReadOnlyList<StudyRecipe> Recipes { get; init; } = StudyRecipe.Usual;

    /// <summary>The table that every part's figures are noted in; null: in <see cref="Out"/>.</summary>
    public string? Table { get; init; }
}
