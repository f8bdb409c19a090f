using Tdv.MLNet.Model;

namespace Tdv.MLNet.Featurizing;

/// <summary>
/// Position embeddings for images of any size, resized in the graph as <see cref="PositionGrid"/> does it: a product with
/// a matrix of cubic weights for each edge. ONNX's own Resize has no antialiasing before set 18.
/// </summary>
/// <param name="graph">The graph to write into.</param>
/// <param name="rows">Patches along the height, int64, <c>[1]</c>.</param>
/// <param name="columns">Patches along the width, int64, <c>[1]</c>.</param>
internal sealed class OnnxPositions(OnnxGraph graph, string rows, string columns)
{
    private const float A = -0.75f;
    private const float AntialiasedA = -0.5f;

    /// <summary>Places beyond each edge that the kernel reaches without antialiasing; they repeat the edge.</summary>
    private const int Margin = 2;

    private readonly Dictionary<string, string> _resized = [];

    /// <param name="name">What the constants are called.</param>
    /// <param name="position">The stored embedding, <c>[1, 1+grid², D]</c>.</param>
    /// <param name="grid">Patches along an edge that it is stored for.</param>
    /// <param name="antialiased">As of networks with registers.</param>
    /// <returns><c>[1, 1+rows·columns, D]</c></returns>
    public string For(string name, OnnxArray position, int grid, bool antialiased)
    {
        if (_resized.TryGetValue(name, out string? known))
        {
            return known;
        }

        int width = (int)position.Shape[^1];
        int margin = antialiased ? 0 : Margin;
        int edge = grid + (2 * margin);
        string stored = graph.Constant(
            name + ".grid",
            new OnnxArray([edge, edge * width], Padded(position.Values, grid, margin, width))
        );
        string cls = graph.Constant(name + ".cls", new OnnxArray([1, 1, width], position.Values[..width]));
        string down = graph.Node("MatMul", [Weights(rows, grid, antialiased), stored]);
        string lines = graph.Node("Reshape", [down, graph.Constant(-1, edge, width)]);
        string across = graph.Node("MatMul", [Weights(columns, grid, antialiased), lines]);
        string patches = graph.Node("Reshape", [across, graph.Constant(1, -1, width)]);
        return _resized[name] = graph.Node("Concat", [cls, patches], ("axis", 1));
    }

    private static float[] Padded(float[] position, int grid, int margin, int width)
    {
        int edge = grid + (2 * margin);
        float[] padded = new float[edge * edge * width];
        for (int i = 0; i < edge * edge; i++)
        {
            int row = Math.Clamp((i / edge) - margin, 0, grid - 1);
            int column = Math.Clamp((i % edge) - margin, 0, grid - 1);
            position.AsSpan((1 + (row * grid) + column) * width, width).CopyTo(padded.AsSpan(i * width));
        }

        return padded;
    }

    /// <summary>The weight of each stored place for each new one, <c>[size, places]</c>.</summary>
    private string Weights(string size, int grid, bool antialiased)
    {
        string count = graph.Node("Cast", [size], ("to", OnnxGraph.FloatType));
        string zero = graph.Constant(0f);
        string range = graph.Node("Range", [zero, graph.Node("Squeeze", [count]), graph.Constant(1f)]);
        string index = graph.Node("Unsqueeze", [range, graph.Constant([1L])]);
        string half = graph.Constant(0.5f);
        string divisor = antialiased ? count : graph.Node("Add", [count, Offset(grid)]);
        string scale = graph.Node("Div", [graph.Constant((float)grid), divisor]);
        string middle = graph.Node("Sub", [graph.Node("Mul", [scale, graph.Node("Add", [index, half])]), half]);
        string distance = graph.Node("Abs", [graph.Node("Sub", [middle, Places(grid, antialiased ? 0 : Margin)])]);
        if (!antialiased)
        {
            return Cubic(distance, A);
        }

        // As the image shrinks, the kernel widens; what it does not find beyond the edge, the others make up for.
        string widening = graph.Node("Max", [scale, graph.Constant(1f)]);
        string weights = Cubic(graph.Node("Div", [distance, widening]), AntialiasedA);
        string sums = graph.Node("ReduceSum", [weights, graph.Constant([1L])], ("keepdims", 1));
        return graph.Node("Div", [weights, sums]);
    }

    /// <summary>What the official code adds to a size, but where an image has the stored one.</summary>
    private string Offset(int grid)
    {
        string stored = graph.Constant([(long)grid]);
        string same = graph.Node("And", [graph.Node("Equal", [rows, stored]), graph.Node("Equal", [columns, stored])]);
        string offset = graph.Constant((float)TokenEmbedding.InterpolationOffset);
        return graph.Node("Where", [same, graph.Constant(0f), offset]);
    }

    private string Places(int grid, int margin)
    {
        float[] places = [.. Enumerable.Range(-margin, grid + (2 * margin)).Select(place => (float)place)];
        return graph.Constant($"places.{grid}.{margin}", new OnnxArray([1, places.Length], places));
    }

    /// <summary>Keys' kernel, of distances.</summary>
    private string Cubic(string x, float a)
    {
        string near = Polynomial(x, a + 2, -(a + 3), 0, 1);
        string far = Polynomial(x, a, -5 * a, 8 * a, -4 * a);
        string outer = graph.Node("Where", [Less(x, 2), far, graph.Constant(0f)]);
        return graph.Node("Where", [Less(x, 1), near, outer]);
    }

    private string Polynomial(string x, params float[] coefficients)
    {
        string value = graph.Constant(coefficients[0]);
        foreach (float coefficient in coefficients.Skip(1))
        {
            value = graph.Node("Add", [graph.Node("Mul", [value, x]), graph.Constant(coefficient)]);
        }

        return value;
    }

    private string Less(string x, float limit) => graph.Node("Less", [x, graph.Constant(limit)]);
}
