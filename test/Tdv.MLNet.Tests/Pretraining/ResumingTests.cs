using Tdv.MLNet.Foundation;
using Tdv.MLNet.Weights;
using Xunit;

namespace Tdv.MLNet.Tests.Pretraining;

/// <summary>Trainings that stop and go on end with the same bits.</summary>
public sealed class ResumingTests : ResumingFixture
{
    [Theory]
    [InlineData("in the first pass", 1)]
    [InlineData("at a pass's end", 5)]
    [InlineData("often", 1, 2, 4, 5, 8, 9)]
    public void Stops_change_no_bit_of_the_result(string when, params int[] stops)
    {
        byte[] undisturbed = Train(Options());

        var steps = new List<int>();
        foreach (int stop in stops)
        {
            Train(Saved() with { Progress = new Reports(steps) }, stop);
        }

        byte[] resumed = Train(Saved() with { Progress = new Reports(steps) });

        Assert.True(undisturbed.AsSpan().SequenceEqual(resumed), $"A stop {when} changed the weights.");
        Assert.Equal(Enumerable.Range(1, Steps), steps);
    }

    [Fact]
    public void Teacher_heads_and_moments_are_the_same_bits_too()
    {
        Train(Saved());
        byte[] undisturbed = File.ReadAllBytes(Newest());
        Directory.Delete(Folder, recursive: true);

        Train(Saved(), stopAt: 3);
        Train(Saved());

        AssertSameTensors(undisturbed, File.ReadAllBytes(Newest()));
    }

    [Fact]
    public void A_frozen_frame_encoder_has_no_moments_and_resumes_too()
    {
        byte[] undisturbed = Train(Options() with { FreezeFrameEncoder = true });
        Train(Saved() with { FreezeFrameEncoder = true }, stopAt: 3);

        using (var file = SealedSafetensors.Open(Newest()))
        {
            Assert.DoesNotContain("optimizer.first_moment.frame_encoder.norm.bias", file.Tensors.Keys);
            Assert.Contains("optimizer.second_moment.dino_head.mlp.0.bias", file.Tensors.Keys);
        }

        Assert.True(undisturbed.AsSpan().SequenceEqual(Train(Saved() with { FreezeFrameEncoder = true })));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_network_of_the_beginning_is_compared_with_after_a_stop_too(bool frozen)
    {
        var options = Saved() with { FreezeFrameEncoder = frozen };
        var reports = new Healths();
        Train(options, stopAt: 8);
        Train(options with { Progress = reports });

        var health = Assert.Single(reports.All.Distinct());
        Assert.Equal(9, health.Step);
        Assert.True(health.Untrained!.EffectiveRank > 1);
        // A frame encoder that is not trained is still the one of the beginning, another is not.
        Assert.Equal(frozen, health.Spread == health.Untrained);
    }

    private sealed class Healths : IProgress<StepReport>
    {
        public List<FeatureHealth> All { get; } = [];

        public void Report(StepReport value) => All.Add(value.Health);
    }

    [Fact]
    public void A_checkpoint_with_a_number_that_is_none_is_not_gone_on_from()
    {
        byte[] undisturbed = Train(Options());
        Train(Saved() with { CheckpointEverySteps = 1 }, stopAt: 3);
        string newest = Newest();
        using (var file = SealedSafetensors.Open(newest))
        {
            var tensors = file
                .Tensors.Keys.Where(name => name != "sha256")
                .Select(name => (Name: name, Tensor: file.Read(name)))
                .ToList();
            tensors[0].Tensor.view(-1)[0] = float.NaN;
            AtomicFile.Write(newest, stream => SealedSafetensors.Write(stream, tensors, file.Metadata));
        }

        Log.Clear();
        Assert.True(undisturbed.AsSpan().SequenceEqual(Train(Saved() with { CheckpointEverySteps = 1 })));
        Assert.Contains(
            Log,
            line =>
                line.Contains(
                    "holds NaN at 0; finite numbers are expected. The one of step 2 before it is used.",
                    StringComparison.Ordinal
                )
        );
        Assert.True(File.Exists($"{newest}.damaged"));
    }

    [Fact]
    public void Without_the_cache_the_frames_are_decoded_again()
    {
        byte[] undisturbed = Train(Options());
        Train(Saved(), stopAt: 7);
        File.WriteAllBytes(Path.Combine(Folder, "pairs.cache"), [1, 2, 3]);

        Assert.True(undisturbed.AsSpan().SequenceEqual(Train(Saved())));
        Assert.False(File.Exists(Path.Combine(Folder, "pairs.cache")), "The cache is of no use after the training.");
    }

    [Fact]
    public void A_training_that_is_over_gives_its_weights_without_another_step()
    {
        byte[] first = Train(Saved());
        var steps = new List<int>();

        byte[] second = Train(Saved() with { Progress = new Reports(steps) });

        Assert.Empty(steps);
        Assert.True(first.AsSpan().SequenceEqual(second));
    }

    /// <summary>All but the header, which tells the time.</summary>
    private static void AssertSameTensors(byte[] expected, byte[] found)
    {
        int Data(byte[] file) => 8 + BitConverter.ToInt32(file);
        const int seal = 32;
        Assert.True(expected.AsSpan()[Data(expected)..^seal].SequenceEqual(found.AsSpan()[Data(found)..^seal]));
    }
}
