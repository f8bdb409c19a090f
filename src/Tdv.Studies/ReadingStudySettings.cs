namespace Tdv.Studies;

/// <summary>What the study of reading flow needs.</summary>
/// <param name="Weights">Trained networks of one architecture, one for each seed.</param>
/// <param name="Untrained">How many untrained networks of the same architecture, another seed each.</param>
/// <param name="Videos">Whose frames are moved to learn from.</param>
/// <param name="OtherVideos">Whose frames are moved to measure on.</param>
/// <param name="Flow">A folder with true pairs.</param>
/// <param name="Sizes">Edges of the squares that pictures are shrunk to.</param>
/// <param name="Pairs">Made to learn from.</param>
/// <param name="HeldOut">Made to measure on.</param>
/// <param name="All">Whether to read from all kinds of features; else from Δz and z alone.</param>
/// <param name="Out">The folder for results.</param>
internal sealed record ReadingStudySettings(
    IReadOnlyList<string> Weights,
    int Untrained,
    IReadOnlyList<string> Videos,
    IReadOnlyList<string> OtherVideos,
    string Flow,
    IReadOnlyList<int> Sizes,
    int Pairs,
    int HeldOut,
    bool All,
    string Out
);
