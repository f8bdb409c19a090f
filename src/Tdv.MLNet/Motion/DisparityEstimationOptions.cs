namespace Tdv.MLNet;

/// <summary>How disparity is found by comparing features of cells along a row.</summary>
public sealed record DisparityEstimationOptions
{
    /// <summary>How many cells to the left a cell is looked for; what is nearer to the cameras is not found. 1 to 1024.</summary>
    public int MaxDisparity { get; init; } = 16;

    /// <summary>
    /// How many cells to each side of a cell are compared together with it, as if all of them moved alike: the mean of their
    /// cosines counts (box aggregation). It finds places that a single cell does not tell apart, and blurs borders of what
    /// moves. 0: each cell alone.
    /// </summary>
    public int Aggregation { get; init; } = 2;

    /// <summary>
    /// How many cells to each side of the most similar one have a say in where exactly the best place is: a softmax of
    /// cosines weighs them. 0: whole cells.
    /// </summary>
    public int Neighborhood { get; init; } = 1;

    /// <summary>Temperature of that softmax, above 0: the lower, the closer to whole cells.</summary>
    public float Temperature { get; init; } = 0.05f;

    /// <summary>
    /// How many cells to each side of a cell, also above and below, its disparity is the median of; cells that are not found
    /// back do not count where others do. 0: as it was found.
    /// </summary>
    public int Smoothing { get; init; } = 2;

    /// <summary>
    /// Pixels of the picture from one cell to the one beside it, such as the picture's width / the grid's columns:
    /// disparity is in pixels then. Default 1: disparity is in cells.
    /// </summary>
    public float CellWidth { get; init; } = 1;

    /// <summary>
    /// A column of <c>Vector&lt;Single, rows, columns&gt;</c> to add: 1 where the way back from the right picture ends where it
    /// began, give or take <see cref="Tolerance"/>, and 0 elsewhere, as where something is hidden. Null: none.
    /// </summary>
    public string? ValidColumnName { get; init; }

    /// <summary>Cells that way and way back may differ by.</summary>
    public float Tolerance { get; init; } = 1;
}
