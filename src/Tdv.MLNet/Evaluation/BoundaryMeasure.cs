namespace Tdv.MLNet.Evaluation;

/// <summary>
/// The boundary measure F of DAVIS (Perazzi et al. 2016) as its toolkit computes it: precision and recall of the pixels on
/// the boundary, each right if the other boundary is within 0.8 % of the picture's diagonal. Memory is kept.
/// </summary>
internal sealed class BoundaryMeasure
{
    /// <summary>Of the diagonal, rounded up to whole pixels.</summary>
    private const double Tolerance = 0.008;

    private readonly BoundaryMap _truth = new();
    private readonly BoundaryMap _found = new();

    /// <param name="truth">Keys, <c>[height, width]</c>.</param>
    /// <param name="found">Keys, <c>[height, width]</c>.</param>
    /// <param name="key">The object.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <returns>0 to 1; 1 if neither has the object, 0 if one has.</returns>
    public double Of(ReadOnlySpan<uint> truth, ReadOnlySpan<uint> found, uint key, int height, int width)
    {
        _truth.Take(truth, key, height, width);
        _found.Take(found, key, height, width);
        if (_truth.Count == 0 || _found.Count == 0)
        {
            return _truth.Count == _found.Count ? 1 : 0;
        }

        int radius = (int)Math.Ceiling(Tolerance * Math.Sqrt(((double)height * height) + ((double)width * width)));
        double precision = _found.PartNear(_truth, radius);
        double recall = _truth.PartNear(_found, radius);
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
    }
}
