using System.Collections.Concurrent;
using System.Numerics.Tensors;

namespace Tdv.MLNet.Motion;

/// <summary>
/// Carries masks from frame to frame on the feature grid: a cell gets the classes of the cells most similar to it, among
/// those around its place in the frames that are looked up. Not for several threads at once; it uses all cores itself.
/// </summary>
/// <param name="rows">Of the feature grids.</param>
/// <param name="columns">Of the feature grids.</param>
/// <param name="depth">Features of a cell.</param>
/// <param name="classes">Keys of the masks.</param>
/// <param name="options">The protocol; its columns are not used.</param>
internal sealed class MaskPropagation(int rows, int columns, int depth, int classes, PropagationOptions options)
{
    private readonly CorrelationWindow _window = CorrelationWindow.Square(
        Math.Min(options.Radius, Math.Max(rows, columns) - 1)
    );
    private readonly FrameMemory _memory = new(
        options.Corrections,
        options.ContextFrames,
        () => new CarriedFrame(rows, columns, depth, classes)
    );

    /// <summary>What a thread works with, kept from frame to frame.</summary>
    private readonly ConcurrentBag<NearestCells> _nearest = [];

    /// <summary>The frame that was given or carried last: valid until the next.</summary>
    private CarriedFrame? _current;
    private bool _isKept;

    /// <summary>Whether there is a mask to be carried.</summary>
    public bool HasMask => !_memory.IsEmpty;

    /// <summary>Forgets all frames: another video begins.</summary>
    public void Restart()
    {
        Release();
        _memory.Clear();
    }

    /// <summary>A frame whose mask is known.</summary>
    /// <param name="features"><c>[rows, columns, depth]</c>.</param>
    /// <param name="keys"><c>[height, width]</c>; 0 is no class.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    public CarriedFrame Give(ReadOnlySpan<float> features, ReadOnlySpan<uint> keys, int height, int width)
    {
        var frame = Next(features);
        frame.Take(keys, height, width);
        _memory.AddGiven(frame);
        _isKept = true;
        return frame;
    }

    /// <summary>The next frame, whose mask is to be found.</summary>
    /// <param name="features"><c>[rows, columns, depth]</c>.</param>
    /// <returns>The shares of the classes, valid until the next frame.</returns>
    public CarriedFrame Carry(ReadOnlySpan<float> features)
    {
        var frame = Next(features);
        var context = _memory.Frames;
        Parallel.For(
            0,
            rows,
            () => _nearest.TryTake(out var kept) ? kept : new NearestCells(columns, options.Neighbors, _window),
            (row, _, nearest) =>
            {
                nearest.Clear();
                for (int i = 0; i < context.Count; i++)
                {
                    nearest.Add(frame.Grid, row, context[i], i);
                }

                for (int column = 0; column < columns; column++)
                {
                    Mix(frame, (row * columns) + column, nearest.Cosines(column), nearest.Places(column), context);
                }

                return nearest;
            },
            _nearest.Add
        );
        if (options.ContextFrames > 0)
        {
            _memory.AddCarried(frame);
            _isKept = true;
        }

        return frame;
    }

    /// <summary>The classes of the nearest cells, each counted exp(cosine / temperature), adding up to 1.</summary>
    private void Mix(
        CarriedFrame frame,
        int cell,
        ReadOnlySpan<float> cosines,
        ReadOnlySpan<(int Frame, int Cell)> places,
        IReadOnlyList<CarriedFrame> context
    )
    {
        var shares = frame.SharesOf(cell);
        shares.Clear();
        frame.IsKnown[cell] = !float.IsNegativeInfinity(cosines[0]);
        float sum = 0;
        for (int i = 0; i < cosines.Length && !float.IsNegativeInfinity(cosines[i]); i++)
        {
            // Relative to the largest: exp(1 / temperature) need not be a number.
            float weight = MathF.Exp((cosines[i] - cosines[0]) / options.Temperature);
            sum += weight;
            TensorPrimitives.MultiplyAdd(context[places[i].Frame].SharesOf(places[i].Cell), weight, shares, shares);
        }

        if (sum > 0)
        {
            TensorPrimitives.Divide(shares, sum, shares);
        }
    }

    private CarriedFrame Next(ReadOnlySpan<float> features)
    {
        Release();
        _current = _memory.Rent();
        _current.Grid.Set(features);
        return _current;
    }

    private void Release()
    {
        if (_current is { } frame && !_isKept)
        {
            _memory.Return(frame);
        }

        (_current, _isKept) = (null, false);
    }
}
