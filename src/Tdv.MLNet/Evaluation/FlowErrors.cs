namespace Tdv.MLNet.Evaluation;

/// <summary>Counts errors of flow, picture by picture.</summary>
internal sealed class FlowErrors
{
    private const double OutlierPixels = 3;
    private const double OutlierShare = 0.05;
    private double _sum;
    private long _outliers;
    private long _within1;
    private long _within3;
    private long _within5;
    private long _pixels;
    private long _images;

    /// <param name="truth">What is counted: its known pixels.</param>
    /// <param name="estimate">Of the same size, known wherever the truth is.</param>
    /// <param name="name">The picture, for errors.</param>
    /// <exception cref="InvalidDataException">The sizes differ, or an estimate is missing.</exception>
    public void Add(FlowField truth, FlowField estimate, string name)
    {
        EstimateCheck.Sizes("flow", name, (truth.Height, truth.Width), (estimate.Height, estimate.Width));
        EstimateCheck.Complete("flow", name, truth.Valid, estimate.Valid, truth.Width);
        for (int i = 0; i < truth.U.Length; i++)
        {
            if (truth.Valid[i])
            {
                double error = Length(estimate.U[i] - (double)truth.U[i], estimate.V[i] - (double)truth.V[i]);
                Count(error, Length(truth.U[i], truth.V[i]));
            }
        }

        _images++;
    }

    /// <exception cref="InvalidOperationException">No pixel was counted.</exception>
    public FlowMetrics ToMetrics() =>
        _pixels == 0
            ? throw new InvalidOperationException(
                $"There is nothing to evaluate: {_images} images, and no pixel whose true flow is known."
            )
            : new(_sum / _pixels, Part(_outliers), Part(_within1), Part(_within3), Part(_within5), _pixels, _images);

    private void Count(double error, double length)
    {
        _sum += error;
        _outliers += error > OutlierPixels && error > OutlierShare * length ? 1 : 0;
        _within1 += error <= 1 ? 1 : 0;
        _within3 += error <= 3 ? 1 : 0;
        _within5 += error <= 5 ? 1 : 0;
        _pixels++;
    }

    private double Part(long count) => (double)count / _pixels;

    private static double Length(double u, double v) => Math.Sqrt((u * u) + (v * v));
}
