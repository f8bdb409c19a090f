namespace Tdv.MLNet.Evaluation;

/// <summary>Whether an estimate can be compared with the truth.</summary>
internal static class EstimateCheck
{
    /// <exception cref="InvalidDataException">They differ.</exception>
    public static void Sizes(string what, string name, (int Height, int Width) truth, (int Height, int Width) estimate)
    {
        if (truth != estimate)
        {
            throw new InvalidDataException(
                $"{name}: the true {what} is {truth.Width} × {truth.Height} pixels, the estimated one "
                    + $"{estimate.Width} × {estimate.Height}. Both must have the picture's size."
            );
        }
    }

    /// <exception cref="InvalidDataException">A pixel that counts has no estimate.</exception>
    public static void Complete(string what, string name, bool[] truth, bool[] estimate, int width)
    {
        for (int i = 0; i < truth.Length; i++)
        {
            if (truth[i] && !estimate[i])
            {
                throw new InvalidDataException(
                    $"{name}: the true {what} is known at x={i % width}, y={i / width}, but there is no estimate. Every "
                        + "pixel needs one; a bad one counts as an error."
                );
            }
        }
    }
}
