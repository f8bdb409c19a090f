namespace Tdv.MLNet.PixelWise;

/// <summary>
/// Classifies grid cells. What it gives is additive evidence: the raw scores, or the logarithm of the scores where a
/// model gives probabilities. Interpolating logarithms equals interpolating the features of a linear softmax model,
/// since what they lack, each cell's normalization, is the same for all classes.
/// </summary>
internal abstract class CellScorer : IDisposable
{
    private const float LeastProbability = 1e-30f;

    /// <summary>Whether interpolating the evidence equals interpolating the features.</summary>
    public virtual bool IsLinear => false;

    /// <summary>Computes the evidence.</summary>
    /// <param name="cells">[count, D], not whitened.</param>
    /// <param name="evidence">[count, present classes], written.</param>
    public abstract void Score(float[] cells, int count, float[] evidence);

    public abstract void Dispose();

    protected static float ToEvidence(float probability) => MathF.Log(Math.Max(probability, LeastProbability));
}
