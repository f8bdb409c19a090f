using System.Text.Json;
using Tdv.MLNet.Model;
using Tdv.MLNet.Weights;

namespace Tdv.MLNet.Parity;

/// <summary>Network dimensions from <c>case.json</c> and the weights beside it.</summary>
internal static class Architectures
{
    /// <param name="weights">Weights of one encoder.</param>
    /// <param name="imageSize">Height of the input, which sets the grid where no position embedding does.</param>
    public static NetworkOptions Encoder(JsonElement config, WeightsFile weights, long imageSize)
    {
        bool learned = weights.Tensors.TryGetValue("pos_embed", out var position);
        var stored = learned
            ? position!.Shape
            : [1, 1 + Square(imageSize / config.GetProperty("patch_size").GetInt64()), 0];
        int dimension = (int)weights["cls_token"].Shape[2];
        int depth = weights.Tensors.Keys.Count(name => name.EndsWith("norm2.weight", StringComparison.Ordinal));
        return Encoder(config, stored, dimension, depth, config.GetProperty("num_heads").GetInt32());
    }

    /// <param name="position">Shape of the stored position embedding, <c>[1, 1 + grid · grid, D]</c>.</param>
    public static NetworkOptions Encoder(JsonElement config, long[] position, int dimension, int depth, int heads)
    {
        int patch = config.GetProperty("patch_size").GetInt32();
        return new NetworkOptions
        {
            ImageSize = (int)Math.Sqrt(position[1] - 1) * patch,
            PatchSize = patch,
            Dimension = dimension,
            Heads = heads,
            Depth = depth,
            MotionDepth = depth,
        };
    }

    /// <summary>The small networks of the training cases (<c>config.tiny</c>).</summary>
    public static NetworkOptions Tiny(JsonElement config, int patch)
    {
        var tiny = config.GetProperty("tiny");
        return new NetworkOptions
        {
            ImageSize = tiny.GetProperty("img_native").GetInt32(),
            PatchSize = patch,
            Dimension = tiny.GetProperty("dim").GetInt32(),
            Heads = tiny.GetProperty("heads").GetInt32(),
            Depth = tiny.GetProperty("depth").GetInt32(),
            MotionDepth = tiny.GetProperty("depth").GetInt32(),
            Prototypes = tiny.GetProperty("proto").GetInt32(),
            HeadHidden = tiny.GetProperty("head_hidden").GetInt32(),
            HeadBottleneck = tiny.GetProperty("head_bottleneck").GetInt32(),
        };
    }

    private static long Square(long value) => value * value;
}
