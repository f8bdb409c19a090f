using Tdv.MLNet.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tdv.MLNet.Parity;

/// <summary>
/// Rotary positions (reference §2, "RoPE variant") over the layers of an encoder of ours: the first part of each head turns
/// with the patch's row, the next with its column, the rest and the CLS token stay. What is learned comes on top, 0 for
/// networks that have none.
/// </summary>
internal sealed class RotaryEncoder(TokenEmbedding encoder, int heads)
{
    private const float Base = 500;
    private readonly Dictionary<string, nn.Module> _layers = encoder
        .named_modules()
        .ToDictionary(entry => entry.name, entry => entry.module);

    /// <param name="images"><c>[B, 3, H, W]</c>, H = W</param>
    /// <param name="condition">What a motion encoder attends to, <c>[B, 1+N, D]</c>; null: it is a frame encoder.</param>
    /// <returns>The normed tokens after each block, <c>[B, 1+N, D]</c> each.</returns>
    public IReadOnlyList<Tensor> Forward(Tensor images, Tensor? condition = null)
    {
        var cls = encoder.get_parameter("cls_token")!.expand(images.size(0), -1, -1);
        var patches = Layer<PatchEmbed>("patch_embed").call(images);
        var tokens = cat([cls, patches], 1) + encoder.get_parameter("pos_embed")!;
        var outputs = new List<Tensor>();
        for (int i = 0; _layers.ContainsKey($"blocks.0.{i}"); i++)
        {
            string block = $"blocks.0.{i}.";
            string attention = block + (condition is null ? "attn." : "self_attn.");
            tokens += SelfAttention(attention, Norm(block + "norm1", tokens));
            if (condition is not null)
            {
                tokens += CrossAttention(block + "cross_attn.", Norm(block + "norm_cross_attn", tokens), condition);
            }

            tokens += Layer<Mlp>(block + "mlp").Forward(Layer<LayerNorm>(block + "norm2"), tokens);
            outputs.Add(Norm("norm", tokens));
        }

        return outputs;
    }

    private Tensor SelfAttention(string name, Tensor tokens)
    {
        var qkv = Heads(name + "qkv", tokens, 3);
        return Attend(name, qkv[0], qkv[1], qkv[2]);
    }

    private Tensor CrossAttention(string name, Tensor tokens, Tensor condition)
    {
        var keyValue = Heads(name + "kv", condition, 2);
        return Attend(name, Heads(name + "q", tokens, 1)[0], keyValue[0], keyValue[1]);
    }

    private Tensor Attend(string name, Tensor query, Tensor key, Tensor value)
    {
        // Of libtorch's kernels, the fused one rounds most like the official rotary attention.
        var mixed = nn.functional.scaled_dot_product_attention(Rotate(query), Rotate(key), value);
        return Layer<Linear>(name + "proj").call(mixed.transpose(1, 2).flatten(2));
    }

    /// <returns><c>[parts, B, h, n, d]</c></returns>
    private Tensor Heads(string name, Tensor tokens, long parts) =>
        Layer<Linear>(name)
            .call(tokens)
            .view(tokens.size(0), tokens.size(1), parts, heads, tokens.size(2) / heads)
            .permute(2, 0, 3, 1, 4);

    /// <param name="values"><c>[B, h, 1+N, d]</c></param>
    private static Tensor Rotate(Tensor values)
    {
        long patches = values.size(2) - 1;
        long width = values.size(3);
        long part = 2 * (width / 2 / 2);
        var rest = values.narrow(2, 1, patches);
        long grid = (long)Math.Sqrt(patches);
        var index = arange(grid, ScalarType.Float32);
        var turned = cat(
            [
                Turn(rest.narrow(3, 0, part), index.repeat_interleave(grid)),
                Turn(rest.narrow(3, part, part), index.repeat(grid)),
                rest.narrow(3, 2 * part, width - (2 * part)),
            ],
            3
        );
        return cat([values.narrow(2, 0, 1), turned], 2);
    }

    private static Tensor Turn(Tensor chunk, Tensor positions)
    {
        long part = chunk.size(3);
        var exponent = arange(0, part, 2, ScalarType.Float32) * (-1.0 / part);
        var angle = positions.unsqueeze(1) * pow(tensor(Base), exponent).unsqueeze(0);
        var cosine = angle.cos().to_type(chunk.dtype);
        var sine = angle.sin().to_type(chunk.dtype);
        var pairs = chunk.unflatten(3, [part / 2, 2]);
        var a = pairs.select(4, 0);
        var b = pairs.select(4, 1);
        return stack([(a * cosine) - (b * sine), (b * cosine) + (a * sine)], 4).flatten(3);
    }

    private Tensor Norm(string name, Tensor tokens) => Layer<LayerNorm>(name).call(tokens);

    private T Layer<T>(string name)
        where T : nn.Module => (T)_layers[name];
}
