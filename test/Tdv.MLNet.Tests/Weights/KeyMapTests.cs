using Tdv.MLNet.Model;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

public sealed class KeyMapTests
{
    private static readonly NetworkOptions Small = new()
    {
        ImageSize = 56,
        PatchSize = 14,
        Dimension = 128,
        Heads = 2,
        Depth = 3,
        MotionDepth = 2,
        Prototypes = 64,
        HeadHidden = 96,
        HeadBottleneck = 32,
    };

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 4)]
    public void Shapes_are_those_of_the_network(bool layerScale, int registers)
    {
        using var scope = NewDisposeScope();
        using var state = new TrainingState(Small with { LayerScale = layerScale, Registers = registers }, 1);
        var network = state
            .NamedTensors()
            .ToDictionary(entry => entry.Name, entry => string.Join(',', entry.Tensor.shape));
        var options = state.Network.Options;

        var shapes = NetworkShapes
            .FrameEncoder("frame_encoder.", options)
            .Concat(NetworkShapes.MotionEncoder(options))
            .Concat(NetworkShapes.Head("dino_head.", options))
            .Concat(NetworkShapes.FrameEncoder("teacher_frame_encoder.", options))
            .Concat(NetworkShapes.Head("teacher_dino_head.", options))
            .ToDictionary(entry => entry.Name, entry => string.Join(',', entry.Shape));

        Assert.Equal(
            shapes.Keys.Order(),
            network.Keys.Where(name => !name.EndsWith("center", StringComparison.Ordinal)).Order()
        );
        Assert.All(shapes, entry => Assert.Equal(entry.Value, network[entry.Key]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("model.")]
    public void An_official_checkpoint_maps_to_itself_without_its_prefix(string prefix)
    {
        var map = KeyMap.Create(Official(prefix), "a.ckpt");

        Assert.True(map.IsTdv);
        Assert.Equal(Small, map.Options);
        Assert.True(map.HasMotionEncoder);
        Assert.True(map.HasTeacher);
        Assert.All(map.Names, entry => Assert.Equal(prefix + entry.Key, entry.Value));
        Assert.Contains("dino_cce_loss.center", map.Names.Keys);
        Assert.Empty(map.Ignored);
    }

    [Fact]
    public void The_teacher_can_take_the_students_place()
    {
        var map = KeyMap.Create(Official("model."), "a.ckpt", teacher: true);

        Assert.Equal("model.teacher_frame_encoder.norm.bias", map.Names["frame_encoder.norm.bias"]);
        Assert.Equal("model.motion_encoder.norm.bias", map.Names["motion_encoder.norm.bias"]);
        Assert.Contains("model.frame_encoder.norm.bias", map.Ignored);

        var alone = Official("").Where(entry => !entry.Key.StartsWith("teacher_", StringComparison.Ordinal));
        var exception = Assert.Throws<InvalidDataException>(() => KeyMap.Create(alone, "a.ckpt", teacher: true));
        Assert.Equal(
            "'a.ckpt' has no teacher ('teacher_frame_encoder.…'). Load the student instead.",
            exception.Message
        );
    }

    [Fact]
    public void The_motion_encoders_own_position_embedding_and_the_patches_own_heads_are_recognized()
    {
        var shapes = Official("").ToDictionary();
        shapes["motion_encoder.pos_embed"] = [1, 1 + (2 * 2), 128];
        foreach (var (name, shape) in shapes.Where(entry => entry.Key.Contains("dino_head.")).ToList())
        {
            shapes[name.Replace("dino_head.", "ibot_head.", StringComparison.Ordinal)] = shape;
        }

        var map = KeyMap.Create(shapes, "a.ckpt");

        Assert.Equal(Small with { MotionImageSize = 28 }, map.Options);
        Assert.Equal(28, map.Options.TrainingSize);
        Assert.Contains("ibot_head.mlp.0.weight", map.Names.Keys);
        Assert.Contains("teacher_ibot_head.mlp.0.weight", map.Names.Keys);
        shapes.Remove("ibot_head.mlp.0.bias");
        AssertFaults(shapes, "1 of its tensors do not fit: 'ibot_head.mlp.0.bias': expected [96], is missing.");
    }

    [Fact]
    public void A_TDV_network_over_DINOv2s_own_frame_encoder_maps_too()
    {
        var shapes = Official("model.")
            .ToDictionary(
                entry =>
                    entry.Key.Replace("frame_encoder.blocks.0.", "frame_encoder.blocks.", StringComparison.Ordinal),
                entry => entry.Value
            );
        shapes["model.frame_encoder.mask_token"] = [1, 128];
        shapes["model.teacher_frame_encoder.mask_token"] = [1, 128];

        var map = KeyMap.Create(shapes, "a.ckpt");

        Assert.Equal(Small, map.Options);
        Assert.Equal("model.frame_encoder.blocks.2.norm1.bias", map.Names["frame_encoder.blocks.0.2.norm1.bias"]);
        Assert.Contains("teacher_frame_encoder.blocks.0.2.norm1.bias", map.Names.Keys);
        Assert.Contains("motion_encoder.blocks.0.1.norm1.bias", map.Names.Keys);
        Assert.Equal(2, map.Ignored.Count);
    }

    [Fact]
    public void A_description_says_what_shapes_cannot_tell_and_nothing_else()
    {
        var described = Small with { Heads = 4, AttendCls = false, Depth = int.MaxValue, Dimension = 1 };

        var map = KeyMap.Create(Official(""), "a.safetensors", described: described);

        Assert.Equal(Small with { Heads = 4, AttendCls = false }, map.Options);
    }

    [Theory]
    [InlineData("", 0, false)]
    [InlineData("", 4, false)]
    [InlineData("backbone.", 0, true)]
    public void DINOv2_maps_to_the_frame_encoder(string prefix, int registers, bool chunks)
    {
        var map = KeyMap.Create(DinoV2(prefix, registers, chunks), "dinov2_vits14_pretrain.pth");

        Assert.False(map.IsTdv);
        Assert.Equal(
            (384, 6, 12, 14, 518),
            (map.Options.Dimension, map.Options.Heads, map.Options.Depth, map.Options.PatchSize, map.Options.ImageSize)
        );
        Assert.Equal((true, registers, 0), (map.Options.LayerScale, map.Options.Registers, map.Options.MotionDepth));
        Assert.Equal(
            prefix + (chunks ? "blocks.2.11.ls2.gamma" : "blocks.11.ls2.gamma"),
            map.Names["frame_encoder.blocks.0.11.ls2.gamma"]
        );
        Assert.Equal(
            NetworkShapes.FrameEncoder("frame_encoder.", map.Options).Select(entry => entry.Name).Order(),
            map.Names.Keys.Order()
        );
        Assert.Equal([prefix + "mask_token"], map.Ignored);
        Assert.False(map.HasTeacher);
    }

    [Fact]
    public void All_mismatches_are_named_at_once()
    {
        var shapes = Official("model.").ToDictionary();
        shapes["model.frame_encoder.blocks.0.1.norm1.bias"] = [127];
        shapes["model.frame_encoder.blocks.0.1.extra"] = [5];
        shapes["model.teacher_dino_head.mlp.0.bias"] = [96, 1];
        shapes.Remove("model.motion_encoder.blocks.0.1.cross_attn.kv.weight");

        var exception = Assert.Throws<InvalidDataException>(() => KeyMap.Create(shapes, "a.ckpt"));

        Assert.Equal(
            "'a.ckpt' does not make a network, 4 of its tensors do not fit: "
                + "'model.frame_encoder.blocks.0.1.norm1.bias': expected [128], found [127]; "
                + "'motion_encoder.blocks.0.1.cross_attn.kv.weight': expected [256, 128], is missing; "
                + "'model.teacher_dino_head.mlp.0.bias': expected [96], found [96, 1]; "
                + "'model.frame_encoder.blocks.0.1.extra': unexpected, [5].",
            exception.Message
        );
    }

    [Fact]
    public void Without_the_tensors_that_tell_the_dimensions_those_are_named()
    {
        var shapes = Official("").ToDictionary();
        shapes.Remove("frame_encoder.pos_embed");
        shapes["frame_encoder.patch_embed.proj.weight"] = [128, 3];
        AssertFaults(
            shapes,
            "2 of its tensors do not fit: 'frame_encoder.patch_embed.proj.weight': expected [D, 3, P, P], found [128, 3]; "
                + "'frame_encoder.pos_embed': expected [1, 1 + grid · grid, D], is missing."
        );

        shapes = Official("").ToDictionary();
        shapes["frame_encoder.pos_embed"] = [1, 18, 128];
        AssertFaults(shapes, "'frame_encoder.pos_embed': expected 1 + a square number of tokens, found 18.");
    }

    [Fact]
    public void A_name_with_an_absurd_block_number_costs_nothing()
    {
        var shapes = Official("").ToDictionary();
        shapes["frame_encoder.blocks.0.999999999.norm1.weight"] = [128];

        AssertFaults(shapes, "'frame_encoder.blocks.0.999999999.norm1.weight': unexpected, [128].");
    }

    [Fact]
    public void Another_network_is_refused()
    {
        var shapes = new Dictionary<string, long[]> { ["conv1.weight"] = [64, 3, 7, 7], ["fc.bias"] = [1000] };

        var exception = Assert.Throws<InvalidDataException>(() => KeyMap.Create(shapes, "resnet.pth"));

        Assert.Equal(
            "'resnet.pth': expected a TDV network (with a tensor 'frame_encoder.cls_token') or a vision transformer as of "
                + "DINOv2 (with 'cls_token'), found 2 tensors such as 'conv1.weight', 'fc.bias'.",
            exception.Message
        );
    }

    [Fact]
    public void A_network_with_rotary_positions_is_refused()
    {
        const string expected =
            "'rope.ckpt' is a network with rotary positions, an ablation of the official code; TDV's recipes have learned "
            + "positions, and these alone are computed here: load a checkpoint that was trained without --use_rope.";
        var shapes = Official("model.")
            .ToDictionary(
                entry =>
                    entry
                        .Key.Replace("cross_attn.q.", "cross_attn.q_proj.", StringComparison.Ordinal)
                        .Replace("cross_attn.kv.", "cross_attn.kv_proj.", StringComparison.Ordinal),
                entry => entry.Value
            );

        // With learned positions on top, and without.
        Assert.Equal(expected, Refusal());
        shapes.Remove("model.frame_encoder.pos_embed");
        shapes.Remove("model.motion_encoder.pos_embed");
        Assert.Equal(expected, Refusal());

        // Our own files tell it otherwise: earlier versions described every network's positions.
        var description = NetworkDescription.Write(Small);
        description["tdv.network"] = description["tdv.network"].Replace("}", ",\"Position\":0}");
        Assert.Equal(Small, NetworkDescription.Read(description, "rope.ckpt"));
        description["tdv.network"] = description["tdv.network"].Replace("\"Position\":0", "\"Position\":2");
        Assert.Equal(
            expected,
            Assert.Throws<InvalidDataException>(() => NetworkDescription.Read(description, "rope.ckpt")).Message
        );

        string Refusal() => Assert.Throws<InvalidDataException>(() => KeyMap.Create(shapes, "rope.ckpt")).Message;
    }

    private static void AssertFaults(Dictionary<string, long[]> shapes, string ending) =>
        Assert.EndsWith(ending, Assert.Throws<InvalidDataException>(() => KeyMap.Create(shapes, "a.ckpt")).Message);

    private static IEnumerable<KeyValuePair<string, long[]>> Official(string prefix) =>
        NetworkShapes
            .FrameEncoder("frame_encoder.", Small)
            .Concat(NetworkShapes.MotionEncoder(Small))
            .Concat(NetworkShapes.Head("dino_head.", Small))
            .Concat(NetworkShapes.FrameEncoder("teacher_frame_encoder.", Small))
            .Concat(NetworkShapes.Head("teacher_dino_head.", Small))
            .Append(("dino_cce_loss.center", [1, 1, 64]))
            .Select(entry => new KeyValuePair<string, long[]>(prefix + entry.Name, entry.Shape));

    /// <summary>The names and shapes of dinov2_vits14_pretrain.pth, or as DINOv2's training saves them in chunks.</summary>
    private static Dictionary<string, long[]> DinoV2(string prefix, int registers, bool chunks)
    {
        var shapes = new Dictionary<string, long[]>
        {
            ["cls_token"] = [1, 1, 384],
            ["pos_embed"] = [1, 1 + 37 * 37, 384],
            ["mask_token"] = [1, 384],
            ["patch_embed.proj.weight"] = [384, 3, 14, 14],
            ["patch_embed.proj.bias"] = [384],
            ["norm.weight"] = [384],
            ["norm.bias"] = [384],
        };
        if (registers > 0)
        {
            shapes["register_tokens"] = [1, registers, 384];
        }

        for (var i = 0; i < 12; i++)
        {
            var block = chunks ? $"blocks.{i / 4}.{i}." : $"blocks.{i}.";
            foreach (var (name, shape) in DinoV2Block())
            {
                shapes[block + name] = shape;
            }
        }

        return shapes.ToDictionary(entry => prefix + entry.Key, entry => entry.Value);
    }

    private static (string Name, long[] Shape)[] DinoV2Block() =>
        [
            ("norm1.weight", [384]),
            ("norm1.bias", [384]),
            ("attn.qkv.weight", [1152, 384]),
            ("attn.qkv.bias", [1152]),
            ("attn.proj.weight", [384, 384]),
            ("attn.proj.bias", [384]),
            ("ls1.gamma", [384]),
            ("norm2.weight", [384]),
            ("norm2.bias", [384]),
            ("mlp.fc1.weight", [1536, 384]),
            ("mlp.fc1.bias", [1536]),
            ("mlp.fc2.weight", [384, 1536]),
            ("mlp.fc2.bias", [384]),
            ("ls2.gamma", [384]),
        ];
}
