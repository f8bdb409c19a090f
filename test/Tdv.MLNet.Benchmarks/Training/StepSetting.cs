using Tdv.MLNet.Pretraining;
using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Benchmarks.Training;

/// <summary>One size of network and batch, and a step of each kind on the same frames.</summary>
internal sealed class StepSetting : IDisposable
{
    private readonly Recipe _recipe;
    private readonly Tensor _previous;
    private readonly Tensor _next;
    private readonly List<IDisposable> _owned = [];

    public StepSetting(TdvPreset preset, int pairs)
    {
        LibTorchLoader.EnsureAvailable();
        // What the reference computes: the published objective.
        _recipe = Recipe.From(
            new TdvOptions
            {
                Preset = preset,
                BatchSize = pairs,
                ImageSize = preset == TdvPreset.Tiny ? TinySize.Pixels : null,
                Regularization = TdvRegularization.None,
            }
        );
        long size = _recipe.Network.TrainingSize;
        using var generator = new Generator();
        generator.manual_seed(1);
        _previous = empty(pairs, 3, size, size).normal_(0, 1, generator);
        using var change = empty(pairs, 3, size, size).normal_(0, 0.3, generator);
        _next = _previous.Plus(change);
        _owned.AddRange([_previous, _next]);
    }

    /// <summary>The reference step, with libtorch as it starts or as the official launch script sets it.</summary>
    public Action Reference(bool official = false)
    {
        var step = Own(new ReferenceStep(Own(new TrainingState(_recipe.Network, 1)), _recipe.Training));
        return () =>
        {
            (official ? (Action)Backend.AsOfficial : Backend.AsFound)();
            step.Step(_previous, _next);
        };
    }

    /// <summary>Our step.</summary>
    public Action Ours(bool bfloat16 = false)
    {
        var options = _recipe.Training with { BFloat16 = bfloat16 };
        var trainer = Own(new TdvTrainer(Own(new TrainingState(_recipe.Network, 1)), options));
        return () =>
        {
            Backend.AsOurs();
            using var scope = NewDisposeScope();
            trainer.Step([(_previous, _next)]);
        };
    }

    public void Dispose()
    {
        _owned.Reverse();
        _owned.ForEach(item => item.Dispose());
    }

    private T Own<T>(T item)
        where T : IDisposable
    {
        _owned.Add(item);
        return item;
    }
}
