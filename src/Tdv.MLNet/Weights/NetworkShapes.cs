using Tdv.MLNet.Model;

namespace Tdv.MLNet.Weights;

/// <summary>The name and shape of every tensor of a network, from its dimensions alone.</summary>
internal static class NetworkShapes
{
    private const int Colors = 3;
    private const int MlpRatio = 4;

    /// <summary>A vision transformer whose names begin with <paramref name="prefix"/>.</summary>
    public static IEnumerable<(string Name, long[] Shape)> FrameEncoder(string prefix, NetworkOptions options)
    {
        long d = options.Dimension;
        foreach (var entry in Embedding(prefix, options, options.ImageSize))
        {
            yield return entry;
        }

        if (options.Registers > 0)
        {
            yield return (prefix + "register_tokens", [1, options.Registers, d]);
        }

        for (var i = 0; i < options.Depth; i++)
        {
            var block = $"{prefix}blocks.0.{i}.";
            var parts = Norm(block + "norm1", d).Concat(Attention(block + "attn", d)).Concat(Mlp(block, d));
            foreach (var entry in options.LayerScale ? parts.Concat(Scales(block, d)) : parts)
            {
                yield return entry;
            }
        }
    }

    /// <summary>The motion encoder and the projection behind it.</summary>
    public static IEnumerable<(string Name, long[] Shape)> MotionEncoder(NetworkOptions options)
    {
        const string Prefix = "motion_encoder.";
        long d = options.Dimension;
        foreach (var entry in Embedding(Prefix, options, options.TrainingSize).Concat(Linear("linear_fc", d, d)))
        {
            yield return entry;
        }

        for (var i = 0; i < options.MotionDepth; i++)
        {
            var block = $"{Prefix}blocks.0.{i}.";
            var cross = block + "cross_attn";
            var parts = Norm(block + "norm1", d)
                .Concat(Attention(block + "self_attn", d))
                .Concat(Norm(block + "norm_cross_attn", d))
                .Concat(Linear(cross + ".q", d, d))
                .Concat(Linear(cross + ".kv", 2 * d, d))
                .Concat(Linear(cross + ".proj", d, d))
                .Concat(Mlp(block, d));
            foreach (var entry in parts)
            {
                yield return entry;
            }
        }
    }

    /// <summary>A projection head whose names begin with <paramref name="prefix"/>.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Head(string prefix, NetworkOptions options) =>
        Linear(prefix + "mlp.0", options.HeadHidden, options.Dimension)
            .Concat(Linear(prefix + "mlp.2", options.HeadHidden, options.HeadHidden))
            .Concat(Linear(prefix + "mlp.4", options.HeadBottleneck, options.HeadHidden))
            .Append((prefix + "last_layer.weight_g", [options.Prototypes, 1]))
            .Append((prefix + "last_layer.weight_v", [options.Prototypes, options.HeadBottleneck]));

    /// <summary>The running means that the losses subtract.</summary>
    public static (string Name, long[] Shape)[] Centers(NetworkOptions options) =>
        [
            ("recon_loss.center", [1, 1, options.Dimension]),
            ("dino_cce_loss.center", [1, 1, options.Prototypes]),
            ("ibot_cce_loss.center", [1, 1, options.Prototypes]),
        ];

    private static IEnumerable<(string Name, long[] Shape)> Embedding(
        string prefix,
        NetworkOptions options,
        int imageSize
    )
    {
        long d = options.Dimension;
        long grid = imageSize / options.PatchSize;
        return Norm(prefix + "norm", d)
            .Prepend((prefix + "patch_embed.proj.bias", [d]))
            .Prepend((prefix + "patch_embed.proj.weight", [d, Colors, options.PatchSize, options.PatchSize]))
            .Prepend((prefix + "cls_token", [1, 1, d]))
            .Prepend((prefix + "pos_embed", [1, 1 + (grid * grid), d]));
    }

    private static IEnumerable<(string Name, long[] Shape)> Attention(string name, long d) =>
        Linear(name + ".qkv", 3 * d, d).Concat(Linear(name + ".proj", d, d));

    private static IEnumerable<(string Name, long[] Shape)> Mlp(string block, long d) =>
        Norm(block + "norm2", d)
            .Concat(Linear(block + "mlp.fc1", MlpRatio * d, d))
            .Concat(Linear(block + "mlp.fc2", d, MlpRatio * d));

    private static (string Name, long[] Shape)[] Scales(string block, long d) =>
        [(block + "ls1.gamma", [d]), (block + "ls2.gamma", [d])];

    private static (string Name, long[] Shape)[] Norm(string name, long d) =>
        [(name + ".weight", [d]), (name + ".bias", [d])];

    private static (string Name, long[] Shape)[] Linear(string name, long outputs, long inputs) =>
        [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];
}
