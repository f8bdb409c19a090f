using System.Numerics.Tensors;

namespace Tdv.MLNet.PixelWise;

/// <summary>Numbers on a lattice, plane by plane, so that a row of one plane lies together in memory.</summary>
internal sealed class ScorePlanes(int count, int height, int width)
{
    public int Count => count;

    public int Height => height;

    public int Width => width;

    public int Cells => height * width;

    /// <summary>[count, height, width].</summary>
    public float[] Values { get; } = new float[count * height * width];

    public Span<float> this[int plane] => Values.AsSpan(plane * Cells, Cells);

    public Span<float> Row(int plane, int row) => Values.AsSpan(plane * Cells + row * width, width);

    /// <summary>Takes over what a scorer gave.</summary>
    /// <param name="evidence">[cells, planes].</param>
    /// <param name="first">The lattice cell of its first row.</param>
    public void Set(float[] evidence, int first, int cells)
    {
        for (var plane = 0; plane < count; plane++)
        {
            var target = this[plane].Slice(first, cells);
            for (var cell = 0; cell < cells; cell++)
            {
                target[cell] = evidence[cell * count + plane];
            }
        }
    }

    /// <summary>Turns the planes of evidence into the probabilities of the classes, cell by cell.</summary>
    public void Softmax() =>
        Parallel.For(
            0,
            height,
            y =>
            {
                Span<float> most = Row(0, y).ToArray();
                for (var plane = 1; plane < count; plane++)
                {
                    TensorPrimitives.Max(most, Row(plane, y), most);
                }

                Span<float> sum = new float[width];
                for (var plane = 0; plane < count; plane++)
                {
                    var row = Row(plane, y);
                    TensorPrimitives.Subtract(row, most, row);
                    TensorPrimitives.Exp(row, row);
                    TensorPrimitives.Add(sum, row, sum);
                }

                for (var plane = 0; plane < count; plane++)
                {
                    TensorPrimitives.Divide(Row(plane, y), sum, Row(plane, y));
                }
            }
        );
}
