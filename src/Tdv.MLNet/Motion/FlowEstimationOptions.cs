namespace Tdv.MLNet;

/// <summary>How flow is found by comparing features of cells.</summary>
public sealed record FlowEstimationOptions
{
    /// <summary>How many cells away a cell is looked for, to each side; what moves further is not found. 1 to 1024.</summary>
    public int Radius { get; init; } = 8;

    /// <summary>
    /// How many cells to each side of a cell are compared together with it, as if all of them moved alike: the mean of their
    /// cosines counts (box aggregation). It finds places that a single cell does not tell apart, and blurs borders of what
    /// moves. 0: each cell alone.
    /// </summary>
    public int Aggregation { get; init; } = 2;

    /// <summary>
    /// What is taken off a place's cosine for each squared cell of its distance, at least 0: of places that look alike, as in
    /// flat and repeated texture, the nearer one is right more often. 0: the most alike wins, however far it is.
    /// </summary>
    public float DistancePenalty { get; init; } = 0.05f;

    /// <summary>
    /// How many cells to each side of the most similar one have a say in where exactly the best place is: a softmax of
    /// cosines weighs them. 0: whole cells.
    /// </summary>
    public int Neighborhood { get; init; } = 1;

    /// <summary>Temperature of that softmax, above 0: the lower, the closer to whole cells.</summary>
    public float Temperature { get; init; } = 0.1f;

    /// <summary>
    /// How many cells to each side of a cell its flow is the median of, for u and v each (Sun et al. 2010); cells that
    /// are not found back do not count where others do. 0: as it was found.
    /// </summary>
    public int Smoothing { get; init; } = 1;

    /// <summary>
    /// Pixels of the picture from one cell to the one below, such as the picture's height / the grid's rows: flow is in
    /// pixels then. Default 1: flow is in cells.
    /// </summary>
    public float CellHeight { get; init; } = 1;

    /// <summary>The same from one cell to the one beside it.</summary>
    public float CellWidth { get; init; } = 1;

    /// <summary>
    /// A column of <c>Vector&lt;Single, rows, columns&gt;</c> to add: 1 where the way back from the cell that was found ends
    /// where it began, give or take <see cref="Tolerance"/>, and 0 elsewhere, as where something is hidden. Null: none.
    /// </summary>
    public string? ValidColumnName { get; init; }

    /// <summary>Cells that way and way back may differ by.</summary>
    public float Tolerance { get; init; } = 1;
}
