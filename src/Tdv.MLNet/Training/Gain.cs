using System.Globalization;

namespace Tdv.MLNet.Training;

/// <summary>How much better than "nothing moves" a prediction is: 1 is perfect, 0 no better, below 0 worse.</summary>
internal static class Gain
{
    /// <summary>What is said instead of a number where there is none.</summary>
    public const string NothingMoves = "none, nothing moves";

    /// <summary>
    /// Mean squared difference of features, whose deviation is about 1, that float32 leaves of pictures that are the same:
    /// what differs by no more stands still.
    /// </summary>
    private const double Rounding = 1e-10;

    /// <param name="error">Mean squared error of the prediction.</param>
    /// <param name="copyError">The same of copying the frame before.</param>
    /// <returns>1 − error / copyError; not a number where nothing moves, so that there is nothing to predict.</returns>
    public static double Of(double error, double copyError) =>
        copyError > Rounding ? 1 - (error / copyError) : double.NaN;

    /// <summary>The mean of those that are finite; not a number where there are none.</summary>
    public static double Mean(IEnumerable<double> gains) =>
        gains.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>For people.</summary>
    /// <param name="gain">As <see cref="Of"/> gives it.</param>
    /// <param name="digits">Behind the point.</param>
    public static string Text(double gain, int digits) =>
        double.IsNaN(gain) ? NothingMoves : gain.ToString($"F{digits}", CultureInfo.InvariantCulture);
}
