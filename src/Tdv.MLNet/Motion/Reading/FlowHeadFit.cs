using Tdv.MLNet.Torch;
using Tdv.MLNet.Training;
using static TorchSharp.torch;

namespace Tdv.MLNet.Motion;

/// <summary>Trains a head in passes over rows; the weights after the pass whose error on rows kept back is least are kept.</summary>
internal sealed class FlowHeadFit(FlowRows rows, FlowStatistics statistics, FlowReadingOptions options, int seed)
{
    /// <summary>Every tenth row is kept back, up to the most.</summary>
    public const int HeldOutEvery = 10;
    private const int MostHeldOut = 128;
    private const int BatchSize = 16;

    /// <summary>Rows in memory at once, in whose order the batches are random.</summary>
    private const int ShuffledRows = 16 * BatchSize;
    private const double WeightDecay = 0.01;
    private readonly List<FlowRow> _heldOut = [];

    public (IReadOnlyList<FlowLayer> Layers, double Error) Run()
    {
        using var scope = NewDisposeScope();
        using var memory = ProcessSwitches.KeepFreedMemory();
        var random = new Random(seed);
        using var head = new FlowHead(statistics.Inputs, options.Width, seed);
        using var parameters = new FlatParameters([head.Parameters]);
        using var optimizer = new AdamW(parameters, WeightDecay);
        var schedule = Schedule();
        var (best, least) = (head.Layers(statistics.Means, statistics.Scales, statistics.Length), double.MaxValue);
        for (int pass = 0; pass < options.Passes; pass++)
        {
            foreach (var batch in Batches(random, keep: pass == 0))
            {
                Step(head, batch, parameters, optimizer, schedule);
            }

            double error = HeldOutError(head);
            if (error < least)
            {
                (best, least) = (head.Layers(statistics.Means, statistics.Scales, statistics.Length), error);
            }
        }

        return (best, least);
    }

    private Schedule Schedule()
    {
        int kept = Math.Min(MostHeldOut, statistics.Rows / HeldOutEvery);
        int steps = options.Passes * Math.Max(1, (statistics.Rows - kept + BatchSize - 1) / BatchSize);
        return new(options.LearningRate, steps / 20, steps, 0);
    }

    private IEnumerable<FlowRow[]> Batches(Random random, bool keep)
    {
        int index = 0;
        int kept = 0;
        var trained = rows.Read().Where(row => !IsHeldOut(row));
        foreach (var chunk in trained.Chunk(ShuffledRows))
        {
            random.Shuffle(chunk);
            foreach (var batch in chunk.Chunk(BatchSize))
            {
                yield return batch;
            }
        }

        bool IsHeldOut(FlowRow row)
        {
            if (++index % HeldOutEvery != 0 || kept == MostHeldOut)
            {
                return false;
            }

            kept++;
            if (keep)
            {
                _heldOut.Add(row);
            }

            return true;
        }
    }

    private void Step(
        FlowHead head,
        IReadOnlyList<FlowRow> batch,
        FlatParameters parameters,
        AdamW optimizer,
        Schedule schedule
    )
    {
        using var scope = NewDisposeScope();
        var tensors = FlowBatch.Of(batch, rows.Height, rows.Width, statistics);
        if (tensors.Count == 0)
        {
            return;
        }

        parameters.ZeroGradient();
        tensors.Error(head.Forward(tensors.Cells)).Times(1.0 / tensors.Count).backward();
        optimizer.Step([schedule.LearningRate(optimizer.Steps)]);
    }

    /// <summary>In pixels.</summary>
    private double HeldOutError(FlowHead head)
    {
        using var gradients = no_grad();
        double sum = 0;
        long count = 0;
        foreach (var chunk in _heldOut.Chunk(BatchSize))
        {
            using var scope = NewDisposeScope();
            var batch = FlowBatch.Of(chunk, rows.Height, rows.Width, statistics);
            sum += batch.Error(head.Forward(batch.Cells)).Value();
            count += batch.Count;
        }

        return sum / count * statistics.Length;
    }
}
