using System.Security.Cryptography;
using Microsoft.ML.Runtime;
using Tdv.MLNet.Foundation;
using Tdv.MLNet.MLNet;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Pretraining;

/// <summary>Measures a training on frames that it does not learn from, and remembers its best weights.</summary>
internal sealed class Validation : IDisposable
{
    /// <summary>Measurements of a training, without a wish.</summary>
    private const int Usual = 20;

    /// <summary>Of <c>EvaluateVideo</c>, so that both see the same pairs.</summary>
    private const int Seed = 0;

    private readonly TdvValidation _validation;
    private readonly TrainingState _state;
    private readonly Recipe _recipe;
    private readonly Device _device;
    private readonly IChannel _channel;
    private readonly List<(byte[] Pixels, string[] Videos)> _batches = [];
    private readonly VideoMeter _untrained;
    private readonly TdvModel _fresh;
    private readonly Tensor[] _best;

    public Validation(TdvOptions options, Recipe recipe, TrainingState state, Device device, IChannel channel)
    {
        _validation = options.Validation!;
        (_recipe, _state, _device, _channel) = (recipe, state, device, channel);
        _fresh = TdvModel.Create(recipe.Network, Seed);
        _untrained = new VideoMeter(_fresh.On(device), Size, device, untrained: null);
        _best = [.. Network.Select(entry => empty_like(entry.Tensor, device: CPU).DetachFromDisposeScope())];
    }

    /// <summary>Where it stands.</summary>
    public ValidationInfo Info { get; private set; } = new(0, 0, 0, 0, "");

    /// <summary>The best weights so far by the names that checkpoints give them; none before the first measurement.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Best =>
        Info.Best == 0 ? [] : Network.Zip(_best, (entry, best) => ($"best.{entry.Name}", best));

    /// <summary>Whether the training is to end, since nothing has become better for long.</summary>
    public bool IsOver => Info.Since >= _validation.Patience;

    private bool IsDue(long step) =>
        step == _recipe.Training.Steps
        || step % (_validation.EverySteps ?? Math.Max(1, _recipe.Training.Steps / Usual)) == 0;

    /// <summary>Goes on where a checkpoint has it.</summary>
    /// <param name="info">Of the checkpoint; null: it had no validation.</param>
    /// <param name="read">Reads a tensor of the checkpoint into another.</param>
    public void Restore(ValidationInfo? info, Action<string, Tensor> read)
    {
        Info = info ?? Info;
        foreach (var (name, tensor) in Best)
        {
            read(name, tensor);
        }
    }

    /// <summary>Reads the pairs, before the first measurement, and shows them to the untrained network.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public void Read(string frameColumn, string previousColumn)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var decoder = new PairDecoder(_validation.Data, frameColumn, previousColumn, Size);
        try
        {
            foreach (var batch in decoder.ReadBatches(Seed, _validation.Pairs, VideoMeter.PairsAtOnce))
            {
                AmbientStop.Check();
                hash.AppendData(batch.Pixels);
                _untrained.Add(batch.Pixels, batch.Videos);
                _batches.Add(batch);
            }
        }
        catch (OperationCanceledException) when (AmbientStop.IsRequested)
        {
            // The training is stopped, too, before its first step.
            return;
        }

        if (_batches.Count == 0)
        {
            throw new InvalidOperationException(
                "There are no frame pairs to validate on: Validation.Data has no rows. Check the paths given to "
                    + "LoadFromVideos and that the videos last longer than the frame interval."
            );
        }

        string data = Convert.ToHexString(hash.GetHashAndReset());
        if (Info.Best > 0 && Info.Data != data)
        {
            MLNetInternals.Warn(
                _channel,
                "The frames to validate on are not those of before: what was the best until now is forgotten."
            );
            Info = new(0, 0, 0, 0, data);
        }

        Info = Info with { Data = data };
    }

    /// <summary>
    /// Looks at the pairs with the weights as they are. Before the end of the warm-up they are no candidates: a network that
    /// has hardly learned is not to win by luck.
    /// </summary>
    /// <param name="step">Steps done.</param>
    /// <returns>Null where that step is none to measure, was measured, or the work is to end.</returns>
    public VideoMetrics? MeasureIfDue(long step)
    {
        if (!IsDue(step) || Info.Measured == step)
        {
            return null;
        }

        using var meter = new VideoMeter(_state.Network, Size, _device, _untrained);
        foreach (var (pixels, videos) in _batches)
        {
            if (AmbientStop.IsRequested)
            {
                return null;
            }

            meter.Add(pixels, videos);
        }

        var metrics = meter.Measure();
        Info = Info with { Measured = step };
        if (step <= _recipe.Training.Schedule.WarmUpSteps)
        {
            return metrics;
        }

        if (Info.Best == 0 || metrics.PredictedInformation > Info.Information)
        {
            Info = Info with { Best = step, Information = metrics.PredictedInformation, Since = 0 };
            Copy(Network.Select(entry => entry.Tensor), _best);
        }
        else
        {
            Info = Info with { Since = Info.Since + 1 };
        }

        return metrics;
    }

    /// <summary>Gives the network its best weights, if that is wanted.</summary>
    /// <param name="step">Steps done.</param>
    public void TakeBest(long step)
    {
        if (!_validation.KeepBest || Info.Best == 0 || Info.Best == step)
        {
            return;
        }

        Copy(_best, Network.Select(entry => entry.Tensor));
        MLNetInternals.Info(
            _channel,
            FormattableString.Invariant(
                $"keeps the weights of step {Info.Best}, which predict most of unseen frames: {Info.Information:F1} bits a patch"
            )
        );
    }

    public void Dispose()
    {
        _untrained.Dispose();
        _fresh.Dispose();
        foreach (var tensor in _best)
        {
            tensor.Dispose();
        }
    }

    private int Size => _recipe.Network.TrainingSize;

    private IEnumerable<(string Name, Tensor Tensor)> Network => _state.Network.NamedTensors();

    private static void Copy(IEnumerable<Tensor> from, IEnumerable<Tensor> to)
    {
        using var gradients = no_grad();
        foreach (var (source, target) in from.Zip(to))
        {
            target.copy_(source);
        }
    }
}
