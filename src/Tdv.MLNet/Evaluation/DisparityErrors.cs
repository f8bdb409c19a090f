namespace Tdv.MLNet.Evaluation;

/// <summary>Counts errors of disparity, picture by picture.</summary>
internal sealed class DisparityErrors
{
    private double _sum;
    private long _above05;
    private long _above1;
    private long _above2;
    private long _above4;
    private long _pixels;
    private long _images;

    /// <param name="truth">What is counted: its known pixels.</param>
    /// <param name="estimate">Of the same size, known wherever the truth is.</param>
    /// <param name="name">The picture, for errors.</param>
    /// <exception cref="InvalidDataException">The sizes differ, or an estimate is missing.</exception>
    public void Add(DisparityMap truth, DisparityMap estimate, string name)
    {
        EstimateCheck.Sizes("disparity", name, (truth.Height, truth.Width), (estimate.Height, estimate.Width));
        EstimateCheck.Complete("disparity", name, truth.Valid, estimate.Valid, truth.Width);
        for (int i = 0; i < truth.Values.Length; i++)
        {
            if (truth.Valid[i])
            {
                Count(Math.Abs(estimate.Values[i] - (double)truth.Values[i]));
            }
        }

        _images++;
    }

    /// <exception cref="InvalidOperationException">No pixel was counted.</exception>
    public DisparityMetrics ToMetrics() =>
        _pixels == 0
            ? throw new InvalidOperationException(
                $"There is nothing to evaluate: {_images} images, and no pixel whose true disparity is known."
            )
            : new(_sum / _pixels, Part(_above05), Part(_above1), Part(_above2), Part(_above4), _pixels, _images);

    private void Count(double error)
    {
        _sum += error;
        _above05 += error > 0.5 ? 1 : 0;
        _above1 += error > 1 ? 1 : 0;
        _above2 += error > 2 ? 1 : 0;
        _above4 += error > 4 ? 1 : 0;
        _pixels++;
    }

    private double Part(long count) => (double)count / _pixels;
}
