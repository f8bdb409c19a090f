namespace Tdv.MLNet;

/// <summary>
/// What keeps the features from collapsing into few dimensions: the variance and the covariance term of VICReg (Bardes,
/// Ponce and LeCun 2022, arXiv 2105.04906, equations 1 to 4), on the student's patch features of frame t. They are centered
/// over the batch at each position, so that what a position alone says earns nothing.
/// </summary>
/// <remarks>The paper has no such term. It needs the objective beside it: alone it teaches little.</remarks>
public sealed record TdvRegularization
{
    /// <summary>Nothing is added to the objective: the paper's.</summary>
    public static TdvRegularization None { get; } = new() { VarianceWeight = 0, CovarianceWeight = 0 };

    /// <summary>
    /// Weight of the variance term, the mean over the D dimensions of max(0, 1 − √(variance + 0.0001)): whatever varies
    /// less than a standard deviation of 1 costs. At least 0. Default: 1.
    /// </summary>
    public double VarianceWeight { get; init; } = 1;

    /// <summary>
    /// Weight of the covariance term, the sum of the squared covariances of different dimensions, divided by D: dimensions
    /// that say the same cost. At least 0. Default: 1.
    /// </summary>
    public double CovarianceWeight { get; init; } = 1;

    /// <summary>Whether anything is added.</summary>
    internal bool IsOn => VarianceWeight > 0 || CovarianceWeight > 0;
}
