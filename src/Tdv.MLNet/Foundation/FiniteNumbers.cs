using System.Numerics.Tensors;

namespace Tdv.MLNet.Foundation;

/// <summary>Finds what is infinite or not a number, which spoils silently whatever is computed from it.</summary>
internal static class FiniteNumbers
{
    /// <summary>Where the first one is; -1: all are finite. About as quick as reading the numbers.</summary>
    public static int IndexOfOther(ReadOnlySpan<float> values)
    {
        // A sum of magnitudes is finite only if every one of them is; it may overflow although they are.
        if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(values)))
        {
            return -1;
        }

        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Refuses a saved matrix, or what else a model computes with.</summary>
    /// <exception cref="InvalidDataException">A number is not finite.</exception>
    public static void RequireFinite(ReadOnlySpan<float> values, string what)
    {
        int index = IndexOfOther(values);
        if (index >= 0)
        {
            throw new InvalidDataException(
                FormattableString.Invariant(
                    $"The saved model is damaged: {what} holds {values[index]} (number {index} of {values.Length}); finite numbers are expected. Save it again."
                )
            );
        }
    }
}
