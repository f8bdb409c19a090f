using Tdv.MLNet.Model;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// <see cref="RotaryPosition"/> in a graph: x·cos + turned(x)·sin, where turned(x), each pair (a, b) as (−b, a), is a
/// product with a constant matrix.
/// </summary>
internal sealed class OnnxRotary
{
    private readonly OnnxGraph _graph;
    private readonly string _cosines;
    private readonly string _sines;
    private readonly string _turn;

    /// <param name="graph">The graph to write into.</param>
    /// <param name="grid">Patches along each edge.</param>
    /// <param name="width">Width d of one head.</param>
    public OnnxRotary(OnnxGraph graph, int grid, int width)
    {
        _graph = graph;
        int part = RotaryPosition.PartOf(width);
        float[] cosines = new float[(1 + (grid * grid)) * width];
        float[] sines = new float[cosines.Length];
        float[] turn = new float[width * width];
        // The CLS token and what is left of a head stay as they are.
        Array.Fill(cosines, 1);
        for (int i = 0; i < 2 * part; i += 2)
        {
            turn[((i + 1) * width) + i] = -1;
            turn[(i * width) + i + 1] = 1;
            float frequency = MathF.Pow((float)RotaryPosition.Base, i % part * (-1f / part));
            for (int patch = 0; patch < grid * grid; patch++)
            {
                float angle = (i < part ? patch / grid : patch % grid) * frequency;
                int at = ((1 + patch) * width) + i;
                cosines[at] = cosines[at + 1] = MathF.Cos(angle);
                sines[at] = sines[at + 1] = MathF.Sin(angle);
            }
        }

        _cosines = graph.Constant("rotary.cosines", new OnnxArray([1 + (grid * grid), width], cosines));
        _sines = graph.Constant("rotary.sines", new OnnxArray([1 + (grid * grid), width], sines));
        _turn = graph.Constant("rotary.turn", new OnnxArray([width, width], turn));
    }

    /// <param name="heads"><c>[B, h, 1+N, d]</c></param>
    public string Rotate(string heads)
    {
        string kept = _graph.Node("Mul", [heads, _cosines]);
        string turned = _graph.Node("Mul", [_graph.Node("MatMul", [heads, _turn]), _sines]);
        return _graph.Node("Add", [kept, turned]);
    }
}
