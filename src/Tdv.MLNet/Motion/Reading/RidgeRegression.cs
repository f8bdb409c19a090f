using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Ridge regression in closed form (Hoerl and Kennard, 1970): weights of standardized inputs that make least the mean
/// squared error plus λ times the sum of their squares. Targets are centered, hence the constant is not penalized.
/// </summary>
/// <param name="Weights">Of the inputs as they are, <c>[inputs, targets]</c>.</param>
/// <param name="Constants"><c>[targets]</c>.</param>
internal sealed record RidgeRegression(double[,] Weights, double[] Constants)
{
    /// <summary>An input that varies less than this part of its size is a constant.</summary>
    private const double LeastVariance = 1e-12;

    /// <returns>Null where λ is so small that it is lost among the rounding of inputs that depend on one another.</returns>
    public static RidgeRegression? Fit(RidgeMoments moments, int targets, double lambda)
    {
        int inputs = moments.Means.Length - targets;
        var (means, covariances) = moments;
        double[] scale =
        [
            .. Enumerable
                .Range(0, inputs)
                .Select(i => (Variance: covariances[i, i], Size: 1 + (means[i] * means[i])))
                .Select(input => input.Variance > LeastVariance * input.Size ? 1 / Math.Sqrt(input.Variance) : 0),
        ];
        var correlations = DenseMatrix.Create(
            inputs,
            inputs,
            (i, j) => (covariances[i, j] * scale[i] * scale[j]) + (i == j ? lambda : 0)
        );
        var right = DenseMatrix.Create(inputs, targets, (i, target) => covariances[i, inputs + target] * scale[i]);
        if (Solve(correlations, right) is not { } solution)
        {
            return null;
        }

        var weights = new double[inputs, targets];
        double[] constants = means[inputs..];
        for (int i = 0; i < inputs; i++)
        {
            for (int target = 0; target < targets; target++)
            {
                weights[i, target] = solution[i, target] * scale[i];
                constants[target] -= weights[i, target] * means[i];
            }
        }

        return new(weights, constants);
    }

    private static Matrix<double>? Solve(DenseMatrix matrix, DenseMatrix right)
    {
        try
        {
            return matrix.Cholesky().Solve(right);
        }
        catch (ArgumentException)
        {
            // MathNet's way to say that a matrix is not positive definite; it has no other.
            return null;
        }
    }

    /// <summary>The mean squared error, summed over the targets, on examples of which only the moments are known.</summary>
    public double Error(RidgeMoments moments)
    {
        var (inputs, targets) = (Weights.GetLength(0), Weights.GetLength(1));
        var (means, covariances) = moments;
        double error = 0;
        for (int target = 0; target < targets; target++)
        {
            // Of the residual y − wᵀx − b: its variance, and the square of its mean.
            double variance = covariances[inputs + target, inputs + target];
            double bias = means[inputs + target] - Constants[target];
            for (int i = 0; i < inputs; i++)
            {
                double sum = 0;
                for (int j = 0; j < inputs; j++)
                {
                    sum += covariances[i, j] * Weights[j, target];
                }

                variance += Weights[i, target] * (sum - (2 * covariances[i, inputs + target]));
                bias -= Weights[i, target] * means[i];
            }

            error += variance + (bias * bias);
        }

        return error;
    }
}
