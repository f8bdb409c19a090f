using Tdv.MLNet.Model;
using Entry = (string Name, long[] Shape);

namespace Tdv.MLNet.Weights;

/// <summary>The name and shape of every tensor of a network, from its dimensions alone.</summary>
internal static class NetworkShapes
{
    private const int Colors = 3;
    private const int MlpRatio = 4;

    /// <summary>A vision transformer whose names begin with <paramref name="prefix"/>.</summary>
    public static IEnumerable<Entry> FrameEncoder(string prefix, NetworkOptions options)
    {
        long d = options.Dimension;
        Entry[] registers = options.Registers > 0 ? [(prefix + "register_tokens", [1, options.Registers, d])] : [];
        return Embedding(prefix, options, options.ImageSize)
            .Concat(registers)
            .Concat(Blocks(prefix, options.Depth, Block));

        Entry[] Block(string block) =>
            [
                .. Norm(block + "norm1", d),
                .. Attention(block + "attn", d),
                .. Mlp(block, d),
                .. options.LayerScale ? Scales(block, d) : [],
            ];
    }

    /// <summary>The motion encoder and the projection behind it.</summary>
    public static IEnumerable<Entry> MotionEncoder(NetworkOptions options)
    {
        const string Prefix = "motion_encoder.";
        long d = options.Dimension;
        return Embedding(Prefix, options, options.TrainingSize)
            .Concat(Linear("linear_fc", d, d))
            .Concat(Blocks(Prefix, options.MotionDepth, Block));

        Entry[] Block(string block) =>
            [
                .. Norm(block + "norm1", d),
                .. Attention(block + "self_attn", d),
                .. Norm(block + "norm_cross_attn", d),
                .. Linear(block + "cross_attn.q", d, d),
                .. Linear(block + "cross_attn.kv", 2 * d, d),
                .. Linear(block + "cross_attn.proj", d, d),
                .. Mlp(block, d),
            ];
    }

    /// <summary>A projection head whose names begin with <paramref name="prefix"/>.</summary>
    public static IEnumerable<Entry> Head(string prefix, NetworkOptions options) =>
        Linear(prefix + "mlp.0", options.HeadHidden, options.Dimension)
            .Concat(Linear(prefix + "mlp.2", options.HeadHidden, options.HeadHidden))
            .Concat(Linear(prefix + "mlp.4", options.HeadBottleneck, options.HeadHidden))
            .Append((prefix + "last_layer.weight_g", [options.Prototypes, 1]))
            .Append((prefix + "last_layer.weight_v", [options.Prototypes, options.HeadBottleneck]));

    /// <summary>The running means that the losses subtract.</summary>
    public static Entry[] Centers(NetworkOptions options) =>
        [
            ("recon_loss.center", [1, 1, options.Dimension]),
            ("dino_cce_loss.center", [1, 1, options.Prototypes]),
            ("ibot_cce_loss.center", [1, 1, options.Prototypes]),
        ];

    private static Entry[] Embedding(string prefix, NetworkOptions options, int imageSize)
    {
        long d = options.Dimension;
        long grid = imageSize / options.PatchSize;
        return
        [
            (prefix + "pos_embed", [1, 1 + (grid * grid), d]),
            (prefix + "cls_token", [1, 1, d]),
            (prefix + "patch_embed.proj.weight", [d, Colors, options.PatchSize, options.PatchSize]),
            (prefix + "patch_embed.proj.bias", [d]),
            .. Norm(prefix + "norm", d),
        ];
    }

    private static IEnumerable<Entry> Blocks(string prefix, int depth, Func<string, Entry[]> block) =>
        Enumerable.Range(0, depth).SelectMany(i => block($"{prefix}blocks.0.{i}."));

    private static IEnumerable<Entry> Attention(string name, long d) =>
        Linear(name + ".qkv", 3 * d, d).Concat(Linear(name + ".proj", d, d));

    private static IEnumerable<Entry> Mlp(string block, long d) =>
        Norm(block + "norm2", d)
            .Concat(Linear(block + "mlp.fc1", MlpRatio * d, d))
            .Concat(Linear(block + "mlp.fc2", d, MlpRatio * d));

    private static Entry[] Scales(string block, long d) => [(block + "ls1.gamma", [d]), (block + "ls2.gamma", [d])];

    private static Entry[] Norm(string name, long d) => [(name + ".weight", [d]), (name + ".bias", [d])];

    private static Entry[] Linear(string name, long outputs, long inputs) =>
        [(name + ".weight", [outputs, inputs]), (name + ".bias", [outputs])];
}
