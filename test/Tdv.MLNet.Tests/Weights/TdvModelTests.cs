using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Tdv.MLNet.Tests.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using Tdv.MLNet.Weights;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace Tdv.MLNet.Tests.Weights;

public sealed class TdvModelTests : IDisposable
{
    private static readonly string Assets = Path.Combine(AppContext.BaseDirectory, "Weights", "assets");

    /// <summary>Every tensor of an official network after its first steps, as the official code names them.</summary>
    private static readonly string Official = Path.Combine(
        Repository.Root,
        "test/Tdv.MLNet.Parity/goldens/E_training_trajectory/state_init.safetensors"
    );

    // Of the official case: 48 wide with 3 heads, CLS not attended.
    private static readonly TdvLoadOptions OfficialOptions = new() { Heads = 3, AttendCls = false };

    private readonly string _folder = Directory.CreateTempSubdirectory("tdv-model").FullName;

    public TdvModelTests() => LibTorchLoader.EnsureAvailable();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("a.safetensors", typeof(SafetensorsFile))]
    [InlineData("a.pth", typeof(TorchCheckpointFile))]
    [InlineData("a.PT", typeof(TorchCheckpointFile))]
    [InlineData("weights", typeof(SafetensorsFile))]
    public void From_official_to_ours_and_back_no_bit_changes(string name, Type kind)
    {
        using (var model = TdvModel.Load(Official, OfficialOptions))
        {
            model.Save(At(name));
        }

        using (var file = WeightsFile.Open(At(name)))
        {
            Assert.IsType(kind, file);
        }

        // Once more, from what we wrote
        using (var model = TdvModel.Load(At(name), OfficialOptions))
        {
            model.Save(At("b.pth"));
        }

        AssertSameTensors(Official, At(name));
        AssertSameTensors(Official, At("b.pth"));
    }

    [Fact]
    public void A_checkpoint_by_Lightning_loads_without_its_prefix()
    {
        using var scope = NewDisposeScope();
        using (var file = WeightsFile.Open(Official))
        {
            TensorFiles.WriteCheckpoint(
                At("a.ckpt"),
                file.Tensors.Keys.Select(name => ("model." + name, file.Read(name)))
            );
        }

        using var model = TdvModel.Load(At("a.ckpt"), OfficialOptions);
        model.Save(At("b.safetensors"));

        AssertSameTensors(Official, At("b.safetensors"));
    }

    [Fact]
    public void The_teacher_takes_the_students_place_and_leaves_training_behind()
    {
        using var file = WeightsFile.Open(Official);
        using var model = TdvModel.Load(Official, OfficialOptions with { Teacher = true });
        model.Save(At("a.safetensors"));
        using var saved = WeightsFile.Open(At("a.safetensors"));

        Assert.Equal(Bytes(file, "teacher_frame_encoder.norm.bias"), Bytes(saved, "frame_encoder.norm.bias"));
        Assert.Equal(Bytes(file, "motion_encoder.norm.bias"), Bytes(saved, "motion_encoder.norm.bias"));
        Assert.DoesNotContain(saved.Tensors.Keys, name => name.StartsWith("teacher_", StringComparison.Ordinal));
    }

    [Fact]
    public void What_no_tensor_tells_comes_from_the_options_else_from_our_file_else_by_convention()
    {
        using var official = TdvModel.Load(Official);
        using var chosen = TdvModel.Load(Official, OfficialOptions);
        chosen.Save(At("a.safetensors"));
        using var described = TdvModel.Load(At("a.safetensors"));
        using var overridden = TdvModel.Load(At("a.safetensors"), new TdvLoadOptions { Heads = 6, AttendCls = true });

        Assert.Equal((1, true), Untold(official));
        Assert.Equal((3, false), Untold(chosen));
        Assert.Equal((3, false), Untold(described));
        Assert.Equal((6, true), Untold(overridden));

        static (int, bool) Untold(TdvModel model) => (model.Network.Options.Heads, model.Network.Options.AttendCls);
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused()
    {
        var exception = Assert.Throws<InvalidDataException>(() =>
            TdvModel.Load(Official, new TdvLoadOptions { Heads = 5 })
        );

        Assert.Equal(
            $"'{Official}': 5 heads do not divide the network's width, 48. "
                + "Set TdvLoadOptions.Heads to the number that it was trained with.",
            exception.Message
        );
    }

    [Fact]
    public void All_tensors_that_do_not_fit_are_named()
    {
        using var scope = NewDisposeScope();
        using (var file = WeightsFile.Open(Official))
        {
            var tensors = file
                .Tensors.Keys.Where(name => name != "linear_fc.bias")
                .Select(name => (name, name == "dino_cce_loss.center" ? zeros(1, 1, 7) : file.Read(name)));
            TensorFiles.WriteSafetensors(At("a.safetensors"), tensors);
        }

        var exception = Assert.Throws<InvalidDataException>(() => TdvModel.Load(At("a.safetensors")));

        Assert.Equal(
            $"'{At("a.safetensors")}' does not make a network, 2 of its tensors do not fit: "
                + "'linear_fc.bias': expected [48], is missing; 'dino_cce_loss.center': expected [1, 1, 64], found [1, 1, 7].",
            exception.Message
        );
    }

    [Fact]
    public void A_damaged_description_is_refused()
    {
        using var scope = NewDisposeScope();
        var metadata = new Dictionary<string, string>
        {
            ["tdv.network"] = new JsonObject { ["Heads"] = "x" }.ToString(),
        };
        TensorFiles.WriteSafetensors(At("a.safetensors"), [("x", ones(1))], metadata);

        var exception = Assert.Throws<InvalidDataException>(() => TdvModel.Load(At("a.safetensors")));

        Assert.Equal(
            $"'{At("a.safetensors")}' describes its network ('tdv.network') in a way that this version cannot read.",
            exception.Message
        );
    }

    [Fact]
    public void Lightnings_own_format_is_not_written()
    {
        using var model = TdvModel.Load(Path.Combine(Assets, "dinov2.pth"), new TdvLoadOptions { Heads = 2 });

        var exception = Assert.Throws<ArgumentException>(() => model.Save(At("a.ckpt")));

        Assert.StartsWith(
            $"'{At("a.ckpt")}': only Lightning writes .ckpt files. Choose .safetensors, .pth or .pt.",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_training_over_a_frozen_DINOv2_moves_the_motion_encoder_alone()
    {
        var ml = new MLContext(1);
        using var start = TdvModel.Load(Path.Combine(Assets, "dinov2.pth"), new TdvLoadOptions { Heads = 2 });
        var options = new TdvOptions
        {
            FrameEncoder = start,
            FreezeFrameEncoder = true,
            Steps = 3,
            BatchSize = 2,
        };
        var view = Clips.View(ml, 4);

        using var trained = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(view);
        using var untrained = new TrainingState(trained.Model.Network.Options, seed: 1);

        Assert.Equal((64, 4, 16), (trained.Model.ImageSize, trained.Model.PatchSize, trained.Model.Dimension));
        var before = start.Network.NamedTensors().ToDictionary(entry => entry.Name, entry => entry.Tensor);
        Assert.NotEmpty(before);
        Assert.All(before, entry => Assert.Equal(entry.Value.bytes.ToArray(), After(entry.Key)));
        trained.Model.Save(At("a.safetensors"));
        using (var saved = WeightsFile.Open(At("a.safetensors")))
        {
            Assert.All(
                before,
                entry => Assert.Equal(entry.Value.bytes.ToArray(), Bytes(saved, "teacher_" + entry.Key))
            );
        }

        var motion = untrained.Network.NamedTensors().Where(entry => !before.ContainsKey(entry.Name)).ToList();
        Assert.Contains(motion, entry => entry.Name == "motion_encoder.pos_embed");
        Assert.All(motion, entry => Assert.NotEqual(entry.Tensor.bytes.ToArray(), After(entry.Name)));

        using var loaded = TdvModel.Load(At("a.safetensors"));
        Assert.Equal(
            trained.Transform(view).GetColumn<float[]>("Features").First(),
            ml.Transforms.TdvFeaturize("Features", "Frame", loaded)
                .Fit(view)
                .Transform(view)
                .GetColumn<float[]>("Features")
                .First()
        );

        byte[] After(string name) =>
            trained.Model.Network.NamedTensors().Single(entry => entry.Name == name).Tensor.bytes.ToArray();
    }

    [Fact]
    public void A_given_frame_encoder_is_where_training_starts()
    {
        var ml = new MLContext(1);
        using var start = TdvModel.Load(Path.Combine(Assets, "dinov2.pth"), new TdvLoadOptions { Heads = 2 });
        var options = new TdvOptions
        {
            FrameEncoder = start,
            Steps = 1,
            BatchSize = 2,
            LearningRate = 1e-6,
        };

        using var trained = ml.Transforms.TdvFeaturize("Features", "Frame", options).Fit(Clips.View(ml, 4));

        var weight = trained.Model.Network.FrameEncoder.get_parameter("patch_embed.proj.weight")!;
        var before = start.Network.FrameEncoder.get_parameter("patch_embed.proj.weight")!;
        Assert.InRange((weight - before).abs().max().item<float>(), 1e-9f, 1e-5f);
    }

    [Fact]
    public void Freezing_random_weights_is_refused()
    {
        var ml = new MLContext(1);

        var exception = Assert.Throws<ArgumentException>(() =>
            ml.Transforms.TdvFeaturize("Features", "Frame", new TdvOptions { FreezeFrameEncoder = true, Steps = 0 })
        );

        Assert.Equal(
            """
            TdvOptions is out of range:
            - Steps is 0; it must be at least 1.
            - FreezeFrameEncoder is set, but FrameEncoder is not: random weights would stay random. Set FrameEncoder, for instance to TdvModel.Load of DINOv2's weights.
            """,
            exception.Message,
            ignoreLineEndingDifferences: true
        );
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static void AssertSameTensors(string expected, string actual)
    {
        using var first = WeightsFile.Open(expected);
        using var second = WeightsFile.Open(actual);
        Assert.Equal(first.Tensors.Keys.Order(), second.Tensors.Keys.Order());
        Assert.All(
            first.Tensors.Keys,
            name =>
            {
                Assert.Equal(first[name].Shape, second[name].Shape);
                Assert.Equal(Bytes(first, name), Bytes(second, name));
            }
        );
    }

    private static byte[] Bytes(WeightsFile file, string name)
    {
        using var tensor = file.Read(name);
        return tensor.bytes.ToArray();
    }
}
