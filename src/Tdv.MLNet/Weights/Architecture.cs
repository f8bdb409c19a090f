using Tdv.MLNet.Model;

namespace Tdv.MLNet.Weights;

/// <summary>Reads a network's dimensions off its tensors' shapes.</summary>
internal static class Architecture
{
    // Of every published vision transformer of this family, and of ours.
    private const int HeadWidth = 64;
    private const long MaxSize = 1 << 20;

    /// <param name="shapes">The shapes by official name.</param>
    /// <param name="described">Says what shapes cannot tell; null: conventions and defaults.</param>
    /// <param name="faults">Takes what is missing or cannot be.</param>
    /// <returns>The dimensions; null if there are faults.</returns>
    public static NetworkOptions? Infer(
        IReadOnlyDictionary<string, long[]> shapes,
        NetworkOptions? described,
        List<string> faults
    )
    {
        var patch = Shape("frame_encoder.patch_embed.proj.weight", "[D, 3, P, P]", 4);
        var position = Shape("frame_encoder.pos_embed", "[1, 1 + grid · grid, D]", 3);
        if (patch is null || position is null)
        {
            return null;
        }

        if (Grid(position) is not { } grid)
        {
            faults.Add($"'frame_encoder.pos_embed': expected 1 + a square number of tokens, found {position[1]}");
            return null;
        }

        var dimension = (int)patch[0];
        var motionGrid = Optional("motion_encoder.pos_embed", 3) is { } motion ? Grid(motion) : null;
        var options = new NetworkOptions
        {
            ImageSize = grid * (int)patch[2],
            MotionImageSize = motionGrid is null || motionGrid == grid ? null : motionGrid * (int)patch[2],
            PatchSize = (int)patch[2],
            Dimension = dimension,
            Heads = described?.Heads ?? Math.Max(1, dimension / HeadWidth),
            Depth = Blocks(shapes, "frame_encoder."),
            MotionDepth = Blocks(shapes, "motion_encoder."),
            AttendCls = described?.AttendCls ?? true,
            LayerScale = shapes.ContainsKey("frame_encoder.blocks.0.0.ls1.gamma"),
            Registers = (int)(Optional("frame_encoder.register_tokens", 3)?[1] ?? 0),
        };
        var (first, last) = (Optional("dino_head.mlp.0.weight", 2), Optional("dino_head.last_layer.weight_v", 2));
        bool hasHead = first is not null && last is not null;
        var otherwise = described ?? options;
        return options with
        {
            HeadHidden = hasHead ? (int)first![0] : otherwise.HeadHidden,
            Prototypes = hasHead ? (int)last![0] : otherwise.Prototypes,
            HeadBottleneck = hasHead ? (int)last![1] : otherwise.HeadBottleneck,
        };

        long[]? Optional(string name, int dimensions) =>
            shapes.TryGetValue(name, out var shape)
            && shape.Length == dimensions
            && shape.All(size => size is > 0 and <= MaxSize)
                ? shape
                : null;

        long[]? Shape(string name, string expected, int dimensions)
        {
            var shape = Optional(name, dimensions);
            if (shape is null)
            {
                var found = shapes.TryGetValue(name, out var other)
                    ? $"found [{string.Join(", ", other)}]"
                    : "is missing";
                faults.Add($"'{name}': expected {expected}, {found}");
            }

            return shape;
        }
    }

    /// <summary>Patches along an edge, of a position embedding <c>[1, 1 + grid · grid, D]</c>; null if there is no such number.</summary>
    private static int? Grid(long[] position)
    {
        var grid = (int)Math.Sqrt(position[1] - 1);
        return grid > 0 && (long)grid * grid == position[1] - 1 ? grid : null;
    }

    /// <summary>How many blocks there are. Counted, not the highest number, which a damaged name could put anywhere.</summary>
    private static int Blocks(IReadOnlyDictionary<string, long[]> shapes, string prefix)
    {
        var blocks = prefix + "blocks.0.";
        return shapes
            .Keys.Where(name => name.StartsWith(blocks, StringComparison.Ordinal))
            .Select(name => name[blocks.Length..].Split('.')[0])
            .Distinct()
            .Count();
    }
}
