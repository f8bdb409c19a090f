using System.Numerics.Tensors;
using Tdv.MLNet.PixelWise;

namespace Tdv.MLNet.Motion;

/// <summary>A convolution: from the numbers of a cell and those around it to other numbers of the cell.</summary>
/// <param name="Radius">Cells to each side; beyond the border all numbers are 0.</param>
/// <param name="Map">Of <c>[2·radius + 1, 2·radius + 1, inputs]</c> numbers.</param>
internal sealed record FlowLayer(int Radius, AffineMap Map)
{
    public const int MostRadius = 1;

    private int Side => (2 * Radius) + 1;

    /// <summary>Of a cell.</summary>
    public int Inputs => Map.Inputs / (Side * Side);

    /// <summary>Whether a map of so many numbers can be one of neighborhoods.</summary>
    public bool IsWhole => Radius is >= 0 and <= MostRadius && Map.Inputs % (Side * Side) == 0;

    /// <param name="cells"><c>[height, width, inputs]</c></param>
    /// <param name="height">In cells.</param>
    /// <param name="width">In cells.</param>
    /// <param name="rectify">Whether what is negative becomes 0.</param>
    /// <returns><c>[height, width, outputs]</c></returns>
    public float[] Apply(float[] cells, int height, int width, bool rectify)
    {
        var result = new float[height * width * Map.Outputs];
        Map.Apply(Radius == 0 ? cells : Neighborhoods(cells, height, width), height * width, result);
        if (rectify)
        {
            TensorPrimitives.Max(result, 0, result);
        }

        return result;
    }

    private float[] Neighborhoods(float[] cells, int height, int width)
    {
        int depth = Inputs;
        var gathered = new float[height * width * Map.Inputs];
        for (int cell = 0; cell < height * width; cell++)
        {
            for (int i = 0; i < Side * Side; i++)
            {
                int y = (cell / width) + (i / Side) - Radius;
                int x = (cell % width) + (i % Side) - Radius;
                if (y >= 0 && y < height && x >= 0 && x < width)
                {
                    cells
                        .AsSpan(((y * width) + x) * depth, depth)
                        .CopyTo(gathered.AsSpan((cell * Map.Inputs) + (i * depth)));
                }
            }
        }

        return gathered;
    }
}
