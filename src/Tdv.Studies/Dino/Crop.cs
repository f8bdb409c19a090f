namespace Tdv.Studies.Dino;

/// <summary>A part of a frame, in pixels.</summary>
/// <param name="Top">Where it begins, from 0.</param>
/// <param name="Left">Where it begins, from 0.</param>
/// <param name="Height">Not in whole pixels.</param>
/// <param name="Width">Not in whole pixels.</param>
/// <param name="Flip">Whether left and right change places.</param>
internal readonly record struct Crop(double Top, double Left, double Height, double Width, bool Flip = false)
{
    /// <summary>Crops that do not fit into the frame are drawn again so often, as torchvision does.</summary>
    private const int Attempts = 10;

    /// <summary>The widest is as much wider than high as the highest is higher than wide.</summary>
    private const double LargestAspect = 4.0 / 3;

    /// <summary>The whole of a square frame.</summary>
    public static Crop Whole(int size) => new(0, 0, size, size);

    /// <summary>A random resized crop: area and place uniform, the aspect uniform in its logarithm.</summary>
    /// <param name="random">Decides.</param>
    /// <param name="size">Height and width of the frame.</param>
    /// <param name="least">Of the frame's area, from 0 to 1.</param>
    /// <param name="most">Of the frame's area, from 0 to 1.</param>
    public static Crop Draw(Random random, int size, double least, double most)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            double area = (least + ((most - least) * random.NextDouble())) * size * size;
            double aspect = Math.Pow(LargestAspect, (2 * random.NextDouble()) - 1);
            double height = Math.Sqrt(area / aspect);
            double width = Math.Sqrt(area * aspect);
            if (height <= size && width <= size)
            {
                return new Crop(
                    random.NextDouble() * (size - height),
                    random.NextDouble() * (size - width),
                    height,
                    width
                );
            }
        }

        return Whole(size);
    }
}
