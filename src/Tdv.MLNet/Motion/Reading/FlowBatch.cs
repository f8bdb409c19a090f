using Tdv.MLNet.Torch;
using static TorchSharp.torch;

namespace Tdv.MLNet.Motion;

/// <summary>Rows as tensors, features standardized and flow scaled.</summary>
/// <param name="Cells"><c>[B, height, width, D]</c></param>
/// <param name="Flow"><c>[B, height, width, 2]</c>, 0 where it is not known.</param>
/// <param name="Known"><c>[B, height, width]</c>, 1 where it is known, else 0.</param>
/// <param name="Count">Cells whose flow is known.</param>
internal sealed record FlowBatch(Tensor Cells, Tensor Flow, Tensor Known, int Count)
{
    /// <summary>Keeps the root's gradient finite where the error is 0; of the mean flow's length.</summary>
    private const double Rounding = 1e-2;

    /// <summary>Tensors of the current scope.</summary>
    public static FlowBatch Of(IReadOnlyList<FlowRow> rows, int height, int width, FlowStatistics statistics)
    {
        float length = statistics.Length;
        var (size, inputs) = (height * width, statistics.Inputs);
        var cells = new float[rows.Count * size * inputs];
        var flow = new float[rows.Count * size * 2];
        var known = new float[rows.Count * size];
        int count = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            rows[row].Cells.CopyTo(cells, row * size * inputs);
            for (int cell = 0; cell < size; cell++)
            {
                if (rows[row].IsKnown(cell))
                {
                    int place = (row * size) + cell;
                    known[place] = 1;
                    flow[2 * place] = rows[row].Flow[2 * cell] / length;
                    flow[(2 * place) + 1] = rows[row].Flow[(2 * cell) + 1] / length;
                    count++;
                }
            }
        }

        return new(
            (tensor(cells).view(rows.Count, height, width, inputs) - tensor(statistics.Means))
                * tensor(statistics.Scales),
            tensor(flow).view(rows.Count, height, width, 2),
            tensor(known).view(rows.Count, height, width),
            count
        );
    }

    /// <summary>
    /// The sum over known cells of Charbonnier's rounded length of the error: the end-point error but near 0, hence not
    /// ruled by the few longest moves as its square would be.
    /// </summary>
    /// <param name="prediction"><c>[B, height, width, 2]</c></param>
    public Tensor Error(Tensor prediction)
    {
        var difference = prediction - Flow;
        return (difference * difference).sum(-1).Add_(Rounding * Rounding).sqrt().mul(Known).sum();
    }
}
