using static TorchSharp.torch;

namespace Tdv.Studies.Dino;

/// <summary>Crops, flips and blurs of a batch as products of matrices: each image has its own two, for rows and columns.</summary>
internal static class Resampling
{
    /// <summary>Beyond so many deviations a blur is cut off.</summary>
    private const double BlurReach = 4;

    /// <summary>Cuts a part out of each image and resizes it, linearly and antialiased; the whole at its own size is exact.</summary>
    /// <param name="images"><c>[B, C, H, W]</c></param>
    /// <param name="crops">One for each image.</param>
    /// <param name="size">Height and width of the result.</param>
    /// <returns><c>[B, C, size, size]</c></returns>
    public static Tensor Cut(Tensor images, IReadOnlyList<Crop> crops, int size)
    {
        var rows = new float[crops.Count, size, images.size(2)];
        var columns = new float[crops.Count, size, images.size(3)];
        for (int image = 0; image < crops.Count; image++)
        {
            var crop = crops[image];
            Resize(rows, image, crop.Top, crop.Height, flip: false);
            Resize(columns, image, crop.Left, crop.Width, crop.Flip);
        }

        return Apply(images, rows, columns);
    }

    /// <summary>Blurs each image with a Gaussian.</summary>
    /// <param name="images"><c>[B, C, H, W]</c></param>
    /// <param name="deviations">In pixels, one for each image; 0 leaves it as it is.</param>
    public static Tensor Blur(Tensor images, IReadOnlyList<double> deviations)
    {
        var rows = new float[deviations.Count, images.size(2), images.size(2)];
        var columns = new float[deviations.Count, images.size(3), images.size(3)];
        for (int image = 0; image < deviations.Count; image++)
        {
            Blur(rows, image, deviations[image]);
            Blur(columns, image, deviations[image]);
        }

        return Apply(images, rows, columns);
    }

    private static Tensor Apply(Tensor images, float[,,] rows, float[,,] columns) =>
        tensor(rows, device: images.device)
            .unsqueeze(1)
            .matmul(images)
            .matmul(tensor(columns, device: images.device).unsqueeze(1).transpose(2, 3));

    private static void Resize(float[,,] matrices, int image, double start, double length, bool flip)
    {
        int size = matrices.GetLength(1);
        double scale = length / size;
        double reach = Math.Max(1, scale);
        for (int i = 0; i < size; i++)
        {
            double middle = start + (scale * (i + 0.5)) - 0.5;
            Fill(matrices, image, flip ? size - 1 - i : i, j => Math.Max(0, 1 - (Math.Abs(j - middle) / reach)));
        }
    }

    private static void Blur(float[,,] matrices, int image, double deviation)
    {
        for (int i = 0; i < matrices.GetLength(1); i++)
        {
            int middle = i;
            Fill(
                matrices,
                image,
                i,
                j =>
                    j == middle ? 1
                    : Math.Abs(j - middle) > BlurReach * deviation ? 0
                    : Math.Exp(-(j - middle) * (j - middle) / (2 * deviation * deviation))
            );
        }
    }

    /// <summary>What each old pixel counts for a new one; they add up to 1, also at the frame's edge.</summary>
    private static void Fill(float[,,] matrices, int image, int row, Func<int, double> weight)
    {
        double[] weights = [.. Enumerable.Range(0, matrices.GetLength(2)).Select(weight)];
        double sum = weights.Sum();
        for (int j = 0; j < weights.Length; j++)
        {
            matrices[image, row, j] = (float)(weights[j] / sum);
        }
    }
}
