using static TorchSharp.torch;

namespace Tdv.MLNet.Model;

/// <summary>
/// Bicubic resizing whose kernel widens as it shrinks, as <c>interpolate(mode="bicubic", antialias=True)</c> of PyTorch:
/// what DINOv2 with registers resizes its position embedding with.
/// </summary>
internal static class AntialiasedBicubic
{
    // PyTorch takes Keys' kernel with -0.5 here, unlike -0.75 without antialiasing.
    private const double A = -0.5;
    private const double Support = 2;

    /// <param name="grid"><c>[B, D, h, w]</c></param>
    /// <returns><c>[B, D, rows, columns]</c></returns>
    public static Tensor Resize(Tensor grid, long rows, long columns) =>
        Matrix(grid, 2, rows).matmul(grid).matmul(Matrix(grid, 3, columns).t());

    /// <summary>The weight of each old place for each new one, <c>[size, old size]</c>.</summary>
    public static double[,] Weights(long old, long size)
    {
        double scale = (double)old / size;
        double widening = Math.Max(scale, 1);
        var weights = new double[size, old];
        for (long i = 0; i < size; i++)
        {
            double middle = scale * (i + 0.5);
            long first = Math.Max(0, (long)(middle - (Support * widening) + 0.5));
            long end = Math.Min(old, (long)(middle + (Support * widening) + 0.5));
            double sum = 0;
            for (long j = first; j < end; j++)
            {
                weights[i, j] = Cubic((j + 0.5 - middle) / widening, A);
                sum += weights[i, j];
            }

            for (long j = first; j < end; j++)
            {
                weights[i, j] /= sum;
            }
        }

        return weights;
    }

    private static Tensor Matrix(Tensor grid, int dimension, long size) =>
        tensor(Weights(grid.size(dimension), size), dtype: grid.dtype, device: grid.device);

    /// <summary>Keys' kernel of the parameter <paramref name="a"/>.</summary>
    public static double Cubic(double x, double a)
    {
        x = Math.Abs(x);
        return x < 1 ? (((((a + 2) * x) - (a + 3)) * x * x) + 1)
            : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * a
            : 0;
    }
}
