using Tdv.MLNet.Model;

namespace Tdv.MLNet.Featurizing;

/// <summary>Writes the encoders of a network into a graph, operator by operator as the network computes them.</summary>
/// <param name="graph">The graph to write into.</param>
/// <param name="options">The network's dimensions.</param>
/// <param name="weights">
/// The parameters by official name; <c>pos_embed</c> of both encoders already resized to the image, <c>[1, 1+N, D]</c>,
/// unless <paramref name="positions"/> resize it.
/// </param>
/// <param name="positions">For images of any size; null: of one.</param>
internal sealed class OnnxNetwork(
    OnnxGraph graph,
    NetworkOptions options,
    IReadOnlyDictionary<string, OnnxArray> weights,
    OnnxPositions? positions
)
{
    private const float Epsilon = 1e-6f;

    private int HeadWidth => options.Dimension / options.Heads;

    /// <param name="images">Normalized RGB, <c>[B, 3, H, W]</c>.</param>
    /// <param name="layers">Blocks counted from 1, ascending.</param>
    /// <param name="attention">Whether the last block's attention is asked for.</param>
    /// <returns>
    /// The normed tokens after each of these blocks, <c>[B, 1+N, D]</c> each; and, asked for, CLS's attention to the
    /// patches, <c>[B, heads, 1, N]</c>.
    /// </returns>
    public (IReadOnlyList<string> Layers, string? Attention) EncodeFrame(
        string images,
        IReadOnlyList<int> layers,
        bool attention = false
    )
    {
        const string prefix = "frame_encoder.";
        string tokens = Embed(prefix, images, options.Registers);
        var outputs = new List<string>();
        string? clsAttention = null;
        int blocks = attention ? options.Depth : layers[^1];
        for (int block = 0; block < blocks; block++)
        {
            string name = $"{prefix}blocks.0.{block}.";
            string normed = Norm(name + "norm1", tokens);
            if (attention && block == options.Depth - 1)
            {
                clsAttention = ClsAttention(name + "attn.", normed);
            }

            string mixed = SelfAttention(name + "attn.", normed);
            tokens = Add(tokens, Scale(name + "ls1.gamma", mixed));
            string mapped = Mlp(name + "mlp.", Norm(name + "norm2", tokens));
            tokens = Add(tokens, Scale(name + "ls2.gamma", mapped));
            if (layers.Contains(block + 1))
            {
                outputs.Add(WithoutRegisters(Norm(prefix + "norm", tokens)));
            }
        }

        return (outputs, clsAttention);
    }

    /// <param name="difference">Next frame minus this one, both normalized, <c>[B, 3, H, W]</c>.</param>
    /// <param name="frame">This frame's tokens, <c>[B, 1+N, D]</c>.</param>
    /// <returns>Δz, <c>[B, 1+N, D]</c>.</returns>
    public string EncodeMotion(string difference, string frame)
    {
        const string prefix = "motion_encoder.";
        string condition = options.AttendCls ? frame : Slice(frame, 1, long.MaxValue);
        string tokens = Embed(prefix, difference, registers: 0);
        for (int block = 0; block < options.MotionDepth; block++)
        {
            string name = $"{prefix}blocks.0.{block}.";
            tokens = Add(tokens, SelfAttention(name + "self_attn.", Norm(name + "norm1", tokens)));
            string query = Norm(name + "norm_cross_attn", tokens);
            tokens = Add(tokens, CrossAttention(name + "cross_attn.", query, condition));
            tokens = Add(tokens, Mlp(name + "mlp.", Norm(name + "norm2", tokens)));
        }

        return Linear("linear_fc", Norm(prefix + "norm", tokens));
    }

    /// <summary>The tokens from one to another, <c>[B, end-start, D]</c>.</summary>
    public string Slice(string tokens, long start, long end) => Slice(tokens, start, end, axis: 1);

    private string Slice(string values, long start, long end, long axis) =>
        graph.Node("Slice", [values, graph.Constant([start]), graph.Constant([end]), graph.Constant([axis])]);

    private string Embed(string prefix, string images, int registers)
    {
        long patch = options.PatchSize;
        string convolved = graph.Node(
            "Conv",
            [images, Weight(prefix + "patch_embed.proj.weight"), Weight(prefix + "patch_embed.proj.bias")],
            ("kernel_shape", new[] { patch, patch }),
            ("strides", new[] { patch, patch })
        );
        string patches = Transpose(Reshape(convolved, 0, options.Dimension, -1), 0, 2, 1);
        string cls = ForEach(images, Weight(prefix + "cls_token"), 1);
        string tokens = Add(Join([cls, patches], 1), Position(prefix, registers));
        return registers == 0
            ? tokens
            : Join(
                [
                    Slice(tokens, 0, 1),
                    ForEach(images, Weight(prefix + "register_tokens"), registers),
                    Slice(tokens, 1, long.MaxValue),
                ],
                1
            );
    }

    private string Position(string prefix, int registers)
    {
        string name = prefix + "pos_embed";
        return positions is null
            ? Weight(name)
            : positions.For(name, weights[name], Grid(weights[name]), antialiased: registers > 0);
    }

    private static int Grid(OnnxArray position) => (int)Math.Sqrt(position.Shape[1] - 1);

    /// <summary>The same tokens for each image of the batch.</summary>
    private string ForEach(string images, string tokens, long count)
    {
        string batch = graph.Node("Slice", [graph.Node("Shape", [images]), graph.Constant([0L]), graph.Constant([1L])]);
        return graph.Node("Expand", [tokens, Join([batch, graph.Constant(count, options.Dimension)], 0)]);
    }

    private string SelfAttention(string name, string tokens)
    {
        string[] parts = Heads(Linear(name + "qkv", tokens), 3);
        return Linear(name + "proj", Attend(parts[0], parts[1], parts[2]));
    }

    private string ClsAttention(string name, string tokens)
    {
        string[] parts = Heads(Linear(name + "qkv", tokens), 3);
        string weights = AttentionWeights(Slice(parts[0], 0, 1, axis: 2), parts[1]);
        return Slice(weights, 1 + options.Registers, long.MaxValue, axis: 3);
    }

    private string CrossAttention(string name, string tokens, string condition)
    {
        string query = Heads(Linear(name + "q", tokens), 1)[0];
        string[] parts = Heads(Linear(name + "kv", condition), 2);
        return Linear(name + "proj", Attend(query, parts[0], parts[1]));
    }

    /// <summary>Cuts <c>[B, n, parts·D]</c> into <c>[B, heads, n, d]</c> for each part.</summary>
    private string[] Heads(string joined, int parts)
    {
        string cut = Transpose(Reshape(joined, 0, 0, parts, options.Heads, HeadWidth), 2, 0, 3, 1, 4);
        string[] split =
            parts == 1
                ? [cut]
                : graph.Nodes("Split", [cut, graph.Constant([.. Enumerable.Repeat(1L, parts)])], parts, ("axis", 0));
        return [.. split.Select(part => graph.Node("Squeeze", [part, graph.Constant([0L])]))];
    }

    private string Attend(string query, string key, string value)
    {
        string mixed = graph.Node("MatMul", [AttentionWeights(query, key), value]);
        return Reshape(Transpose(mixed, 0, 2, 1, 3), 0, 0, options.Dimension);
    }

    private string AttentionWeights(string query, string key)
    {
        string scaled = graph.Node("Mul", [query, graph.Constant((float)(1 / Math.Sqrt(HeadWidth)))]);
        string scores = graph.Node("MatMul", [scaled, Transpose(key, 0, 1, 3, 2)]);
        return graph.Node("Softmax", [scores], ("axis", -1));
    }

    private string Mlp(string name, string tokens)
    {
        // The exact GELU in the form that runtimes recognize and fuse.
        string x = Linear(name + "fc1", tokens);
        string error = graph.Node("Erf", [graph.Node("Div", [x, graph.Constant((float)Math.Sqrt(2))])]);
        string product = graph.Node("Mul", [x, Add(error, graph.Constant(1f))]);
        return Linear(name + "fc2", graph.Node("Mul", [product, graph.Constant(0.5f)]));
    }

    private string Linear(string name, string tokens)
    {
        string weight = graph.Constant(name + ".weight", weights[name + ".weight"].Transposed());
        return Add(graph.Node("MatMul", [tokens, weight]), Weight(name + ".bias"));
    }

    private string Norm(string name, string tokens) =>
        graph.Node(
            "LayerNormalization",
            [tokens, Weight(name + ".weight"), Weight(name + ".bias")],
            ("axis", -1),
            ("epsilon", Epsilon)
        );

    private string Scale(string name, string branch) =>
        options.LayerScale ? graph.Node("Mul", [branch, Weight(name)]) : branch;

    private string WithoutRegisters(string tokens) =>
        options.Registers == 0
            ? tokens
            : Join([Slice(tokens, 0, 1), Slice(tokens, 1 + options.Registers, long.MaxValue)], 1);

    private string Weight(string name) => graph.Constant(name, weights[name]);

    private string Add(string left, string right) => graph.Node("Add", [left, right]);

    private string Join(string[] parts, int axis) => graph.Node("Concat", parts, ("axis", axis));

    private string Transpose(string value, params long[] order) => graph.Node("Transpose", [value], ("perm", order));

    private string Reshape(string value, params long[] shape) => graph.Node("Reshape", [value, graph.Constant(shape)]);
}
