namespace Tdv.MLNet;

/// <summary>One number for each patch, made of its features: what a <see cref="HeatMap"/> paints.</summary>
public static class FeatureMaps
{
    /// <summary>Length of each patch's feature; of motion, how much the network says moved there.</summary>
    /// <param name="features"><c>[cells × D]</c></param>
    /// <param name="dimension">D</param>
    /// <returns><c>[cells]</c></returns>
    /// <exception cref="ArgumentException">The features are no multiple of D.</exception>
    public static float[] Magnitude(ReadOnlySpan<float> features, int dimension)
    {
        var lengths = new float[Cells(features.Length, dimension, nameof(features))];
        for (int i = 0; i < features.Length; i++)
        {
            lengths[i / dimension] += features[i] * features[i];
        }

        return [.. lengths.Select(MathF.Sqrt)];
    }

    /// <summary>
    /// How far the predicted next frame lies from the actual one, the mean square over D, as TDV's objective measures it;
    /// the target is the network's own view of the next frame, which the teacher's follows.
    /// </summary>
    /// <param name="before">Features of the frame before, of the last layer, <c>[cells × D]</c>.</param>
    /// <param name="motion">The encoded motion Δz from it, <c>[cells × D]</c>; empty: "nothing moves", the copy baseline.</param>
    /// <param name="after">Features of the frame, of the last layer, <c>[cells × D]</c>.</param>
    /// <param name="dimension">D</param>
    /// <returns><c>[cells]</c></returns>
    /// <exception cref="ArgumentException">They are of different sizes.</exception>
    public static float[] PredictionError(
        ReadOnlySpan<float> before,
        ReadOnlySpan<float> motion,
        ReadOnlySpan<float> after,
        int dimension
    )
    {
        if (before.Length != after.Length || (motion.Length > 0 && motion.Length != after.Length))
        {
            throw new ArgumentException(
                $"There are {before.Length} values before, {motion.Length} of motion and {after.Length} after; they must be "
                    + "equally many: take the last layer alone, of frames of one size."
            );
        }

        var errors = new float[Cells(after.Length, dimension, nameof(after))];
        for (int i = 0; i < after.Length; i++)
        {
            float error = before[i] + (motion.Length > 0 ? motion[i] : 0) - after[i];
            errors[i / dimension] += error * error / dimension;
        }

        return errors;
    }

    /// <summary>The mean over heads of the attention to each patch.</summary>
    /// <param name="attention"><c>[heads × cells]</c></param>
    /// <param name="heads">Attention heads.</param>
    /// <returns><c>[cells]</c></returns>
    /// <exception cref="ArgumentException">The attention is no multiple of the heads.</exception>
    public static float[] MeanAttention(ReadOnlySpan<float> attention, int heads)
    {
        var means = new float[Cells(attention.Length, heads, nameof(attention))];
        for (int i = 0; i < attention.Length; i++)
        {
            means[i % means.Length] += attention[i] / heads;
        }

        return means;
    }

    private static int Cells(int length, int depth, string parameter) =>
        depth >= 1 && length % depth == 0
            ? length / depth
            : throw new ArgumentException($"{length} values cannot be shared among {depth}.", parameter);
}
